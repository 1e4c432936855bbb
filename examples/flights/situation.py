"""One flight, with what a tool may need to know around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from examples.flights.dataset import FlightNumber, Record, Row, read_flights, read_planes, read_weather

MOST_DEPARTURES = 20
"""Of a carrier to one airport in a day. What a call takes is recorded with it, so it stays small."""


@dataclass(frozen=True)
class Situation:
    flight: Row
    plane: Row | None
    """None where the register does not know the tail number."""
    weather: Mapping[str, Row]
    """At the airport that day, by hour; some hours are missing."""
    departures: tuple[Row, ...]
    """The carrier's flights to the same airport that day, in the order in which they left."""
    earlier: tuple[Row, ...]
    """Those of them that left before this one."""


class Flights:
    """All flights of the year by number, each with its situation."""

    def __init__(self, directory: Path) -> None:
        self._columns, self._records = read_flights(directory)
        self._planes = read_planes(directory)
        self._weather = read_weather(directory)
        self._route_indexes = [self._columns.index(name) for name in ("carrier", "dest", "month", "day")]
        self._routes: dict[Record, list[FlightNumber]] = defaultdict(list)
        for number, record in enumerate(self._records):
            self._routes[self._route(record)].append(FlightNumber(number))

    def __len__(self) -> int:
        return len(self._records)

    def situation(self, number: FlightNumber) -> Situation:
        """What is known about one flight; the rows are new with every call."""
        flight = self._row(number)
        route = self._routes[self._route(self._records[number])]
        position = route.index(number)
        return Situation(
            flight=flight,
            plane=self._planes.get(flight["tailnum"]),
            weather=self._weather.get((flight["origin"], flight["month"], flight["day"]), {}),
            departures=tuple(self._brief(other) for other in route[:MOST_DEPARTURES]),
            earlier=tuple(self._brief(other) for other in route[max(0, position - MOST_DEPARTURES) : position]),
        )

    def _row(self, number: FlightNumber) -> Row:
        return dict(zip(self._columns, self._records[number], strict=True))

    def _brief(self, number: FlightNumber) -> Row:
        row = self._row(number)
        return {name: row[name] for name in ("flight", "dep_time", "arr_delay")}

    def _route(self, record: Record) -> Record:
        return tuple(record[index] for index in self._route_indexes)

"""Results of runs, kept as JSON: what was measured last, and what the numbers were before the work on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from benchmarks.measurement import Measurement


class Result(BaseModel):
    """One run of one benchmark."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measured_on: date
    short: bool
    machine: dict[str, str]
    measurements: tuple[Measurement, ...]

    @property
    def broken(self) -> list[Measurement]:
        """Those that are not what is promised."""
        return [each for each in self.measurements if each.holds is False]


class Results(BaseModel):
    """By benchmark."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    results: dict[str, Result] = Field(default_factory=dict)

    def updated(self, new: Results) -> Results:
        """These results, those of `new` in the place of older ones."""
        return Results(results=self.results | new.results)


RESULTS: Final = Path(__file__).with_name("results.json")
BEFORE: Final = Path(__file__).with_name("before.json")


def load(path: Path) -> Results:
    """Results from a file; none if there is no such file."""
    return Results.model_validate_json(path.read_bytes()) if path.exists() else Results()


def save(path: Path, results: Results) -> None:
    path.write_text(results.model_dump_json(indent=2, exclude_none=True) + "\n")

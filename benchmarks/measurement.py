"""What a benchmark gives: named numbers, each with its unit and, where one is promised, its limit."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Unit(StrEnum):
    PER_SECOND = "/s"
    RATIO = "x"
    MICROSECONDS = "µs"
    MILLISECONDS = "ms"
    SECONDS = "s"
    MEBIBYTES = "MiB"
    PERCENT = "%"
    COUNT = ""


class Measurement(BaseModel):
    """One number. At most one of `at_least` and `at_most` is set: what the project promises of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """In words, as the table shows it; unique within its benchmark."""
    value: float
    unit: Unit
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the promise is kept; None if there is none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most

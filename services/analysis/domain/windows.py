"""Tumbling windows in event time: which one a second belongs to, and when it closes or is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Windowing:
    """All lengths in whole seconds of event time; windows start at multiples of `length` since the epoch."""

    length: int = 300
    grace: int = 30
    """How long past its end a window stays open for those that come late."""
    retention: int = 7 * 86_400
    """How long past its end a closed window can still be revised."""

    def start_of(self, second: int) -> int:
        return second - second % self.length

    def closes_at(self, start: int) -> int:
        return start + self.length + self.grace

    def is_closed(self, start: int, clock: int) -> bool:
        return clock >= self.closes_at(start)

    def last_forgotten(self, clock: int) -> int:
        """The latest start of a window that is past its retention."""
        return clock - self.retention - self.length

    def is_forgotten(self, start: int, clock: int) -> bool:
        return start <= self.last_forgotten(clock)


def moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)

"""When a partition's next batch begins: at once after a quiet moment, later in a steady flow.

A transaction costs the same for one record as for twenty, and a flow would otherwise be read in twos and threes: four
services that follow 300 records a second then keep a core and a half busy.
"""

from __future__ import annotations

from typing import Final

GATHER_SECONDS: Final = 0.1
"""Between the beginnings of two batches: what a record in a steady flow waits at most."""


class Pace:
    """Of one partition. Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._next = float("-inf")

    def began(self, now: float, *, backlog: bool) -> None:
        """A batch began; with a `backlog` there is nothing to gather, the next one is full already."""
        self._next = float("-inf") if backlog else now + GATHER_SECONDS

    def pause(self, now: float) -> float:
        """Seconds until the next batch may be fetched; 0 if it may now."""
        return max(0.0, self._next - now)

"""Which successes are worth a report. Each one stands for those before it that were not: no call goes uncounted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

FIRST = 20
"""So many successes of a version are always reported: a fix is judged by what it must not break."""
INTERVAL = 1.0
"""Seconds between reports after that."""
SHAPES = 64
"""A call whose arguments have types not seen before is reported at once, up to so many shapes."""

Shape = tuple[object, ...]


class Tally:
    """Exact counts of one version of one skill, and the choice of which successes are reported.

    Thread-safe. The sum of the counts it hands out is the number of calls it was told of.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen = 0
        self._successes = 0
        self._failures = 0
        self._reported_at = clock()
        self._shapes: set[Shape] = set()

    def success(self, shape: Shape) -> int:
        """Count a success; how many its report stands for, or 0 if it is not to be reported."""
        with self._lock:
            self._successes += 1
            self._seen += 1
            now = self._clock()
            new = shape not in self._shapes and len(self._shapes) < SHAPES
            if not (new or self._seen <= FIRST or now - self._reported_at >= INTERVAL):
                return 0
            if new:
                self._shapes.add(shape)
            return self._hand_out_successes(now)

    def failure(self) -> int:
        """Count a failure; how many its report stands for: itself, and those whose reports were dropped."""
        with self._lock:
            count, self._failures = self._failures + 1, 0
            return count

    def put_back(self, executions: int, *, success: bool) -> None:
        """The report that stood for these was dropped: the next one of its kind stands for them too."""
        with self._lock:
            if success:
                self._successes += executions
            else:
                self._failures += executions

    def unreported_successes(self, *, quiet_for: float = 0.0) -> int:
        """Hand out the successes not yet reported, if none was for `quiet_for` seconds."""
        with self._lock:
            now = self._clock()
            return self._hand_out_successes(now) if now - self._reported_at >= quiet_for else 0

    def unreported_failures(self) -> int:
        """Hand out the failures whose reports were dropped and that no later one has taken over."""
        with self._lock:
            count, self._failures = self._failures, 0
            return count

    def _hand_out_successes(self, now: float) -> int:
        count, self._successes = self._successes, 0
        self._reported_at = now
        return count

"""Consumers die slowly: no error, no records. Whoever makes no progress with work before it has to start again."""

from __future__ import annotations


class StalledError(RuntimeError):
    """Something is pending and nothing has moved for too long."""


class StallWatch:
    """Remembers when each named activity last moved. Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._moved: dict[str, tuple[object, float]] = {}

    def observe(self, name: str, progress: object, *, pending: bool, now: float, limit: float) -> None:
        """Note where `name` is.

        Raises:
            StalledError: it has been pending at this same place for `limit` seconds.
        """
        before, since = self._moved.get(name, (progress, now))
        if not pending or before != progress:
            self._moved[name] = progress, now
            return
        self._moved[name] = before, since
        if now - since >= limit:
            raise StalledError(f"{name} has not moved from {progress} for {now - since:.0f} s: starting again")

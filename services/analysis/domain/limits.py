"""What an event may say at most, judged by that event alone, so that a replay judges the same."""

from __future__ import annotations

from typing import Final, NamedTuple

from autodev.events.models.base import EventData
from autodev.events.models.failure import ClockTicked, FailureBatched

MAX_AHEAD: Final = 600
"""Seconds that a failure may be dated after the event that tells of it. Ingestion lets agents' clocks run 300 ahead;
the rest is for its own clock, should it be set back in between."""
MAX_COUNT: Final = 1_000_000
"""Failures in one record; ingestion combines those of one poll."""
MAX_WITHIN: Final = 7 * 86_400
"""Reach in seconds, for which buckets are kept."""
LAST_SECOND: Final = 253_000_000_000
"""In the year 9987: a later one fits in no date."""


class Unusable(NamedTuple):
    field: str
    reason: str


def unusable(data: EventData, made_at: float) -> Unusable | None:
    """Why the fold must not see `data` of an event made at `made_at`, in seconds since the epoch; None if it may.

    A failure from the far future would open a window that never closes, and make all later ones late.
    """
    match data:
        case ClockTicked():
            allowed = [("seconds", second, LAST_SECOND) for second in data.seconds.values()]
        case FailureBatched():
            allowed = [
                ("second", data.second, min(int(made_at) + MAX_AHEAD, LAST_SECOND)),
                ("count", data.count, MAX_COUNT),
                ("within_seconds", data.within_seconds, MAX_WITHIN),
            ]
        case _:
            return Unusable("data", f"{type(data).__name__} is no input of the windows")
    for field, number, most in allowed:
        if number > most:
            return Unusable(field, f"is {number}, above {most}: check the clock and the version of its producer")
    return None

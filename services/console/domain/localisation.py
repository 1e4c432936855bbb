"""Where the fault is likely: lines that failing calls ran and right ones did not, and where calls raised.

The lines are the guest's word; they explain a search, and prove nothing. `autodev.repair.search.suspicion` weighs them
alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import Final

from autodev.events.models.search import Ended, ObservedFailure, SeenCall
from services.console.domain.document import Fact

LINES_KEPT: Final = 20
FRAMES_KEPT: Final = 10


class SuspectedLine(Fact):
    line: int
    """In the module, 1 is the first."""
    suspicion: float
    """Ochiai: 1 where all failing calls went and no right one did."""
    failing: int
    right: int
    """How many calls of either kind went through it."""


class RaisedAt(Fact):
    function: str
    line: int | None
    statement: str
    """Empty where only the line is known."""
    error: str
    calls: int


class Localisation(Fact):
    failing: int
    right: int
    lines: tuple[SuspectedLine, ...]
    """Most suspected first."""
    lines_cut: int
    frames: tuple[RaisedAt, ...]
    """Innermost frames, the most frequent first."""
    frames_cut: int


def localised(calls: Sequence[SeenCall], observed: Sequence[ObservedFailure]) -> Localisation | None:
    """By the ways of the unmodified skill's calls, or else by the failures seen again; None where neither is known."""
    if not calls and not observed:
        return None
    wrong = [call for call in calls if call.ended is not Ended.RIGHT]
    right = [call for call in calls if call.ended is Ended.RIGHT]
    lines, frames = _suspected(wrong, right), _frames(wrong) or _observed(observed)
    return Localisation(
        failing=len(wrong) if calls else len(observed),
        right=len(right),
        lines=tuple(lines[:LINES_KEPT]),
        lines_cut=max(0, len(lines) - LINES_KEPT),
        frames=tuple(frames[:FRAMES_KEPT]),
        frames_cut=max(0, len(frames) - FRAMES_KEPT),
    )


def _suspected(wrong: Sequence[SeenCall], right: Sequence[SeenCall]) -> list[SuspectedLine]:
    failing = Counter(line for call in wrong for line in set(call.lines))
    passing = Counter(line for call in right for line in set(call.lines))
    traced = sum(bool(call.lines) for call in wrong)
    found = [
        SuspectedLine(
            line=line,
            suspicion=round(count / sqrt(traced * (count + passing[line])), 3),
            failing=count,
            right=passing[line],
        )
        for line, count in failing.items()
    ]
    return sorted(found, key=lambda each: (-each.suspicion, each.line))


def _frames(wrong: Sequence[SeenCall]) -> list[RaisedAt]:
    places = Counter((call.frames[-1].function, call.frames[-1].line, call.error) for call in wrong if call.frames)
    return [
        RaisedAt(function=function, line=line, statement="", error=error, calls=count)
        for (function, line, error), count in places.most_common()
    ]


def _observed(observed: Sequence[ObservedFailure]) -> list[RaisedAt]:
    places = Counter(
        (each.raised.frames[-1].function, each.raised.frames[-1].statement, each.raised.type)
        for each in observed
        if each.raised.frames
    )
    return [
        RaisedAt(function=function, line=None, statement=statement, error=error, calls=count)
        for (function, statement, error), count in places.most_common()
    ]

"""Candidates that are not right yet, worth another edit: first those that do better than the original."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import count
from typing import Final

from autodev.repair.search.candidate import Candidate
from autodev.repair.search.case import Case
from autodev.repair.search.outcome import Kind, Outcome

_LEAST: Final = 0.05
_ELSEWHERE: Final = 0.03
"""Of a case's closeness, for one that raised and now raises another error or elsewhere: it came further, maybe."""
_MOVED: Final = 0.5
"""Of the way, for a likely edit after which nothing fails where it did."""
MAX_EDITS: Final = 3
"""In a row. After these there are no more: what needs more is another function."""


def closeness(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> float:
    """From 0 to 1 (all right), by each case's."""
    return sum(case.closeness(outcome) for case, outcome in zip(cases, outcomes, strict=True)) / len(cases)


class Beam:
    """Keeps one candidate of those that behave alike: what is right for one of them is for the others."""

    def __init__(self, original: Sequence[Outcome], cases: Sequence[Case]) -> None:
        self._cases = cases
        self._before = original
        self._original = closeness(cases, original)
        self._behaviours = {_behaviour(original)}
        self._waiting: list[tuple[float, float, int, float, Candidate]] = []
        self._order = count()

    def offer(self, candidate: Candidate, outcomes: Sequence[Outcome]) -> None:
        """Keep it if it behaves as none before did."""
        behaviour = _behaviour(outcomes)
        if len(candidate.edits) < MAX_EDITS and behaviour not in self._behaviours:
            self._behaviours.add(behaviour)
            moved = self._moved(outcomes)
            near = closeness(self._cases, outcomes) + _ELSEWHERE * moved
            heapq.heappush(self._waiting, (-near, -candidate.prior, next(self._order), moved, candidate))

    def take(self, *, better: bool) -> tuple[float, Candidate] | None:
        """The nearest one, and how much of the original's distance it has come, from nearly 0 to 1.

        `better`: one that is nearer to right than the original, or none.
        """
        if not self._waiting or (better and -self._waiting[0][0] <= self._original):
            return None
        near, prior, _, moved, candidate = heapq.heappop(self._waiting)
        gained = (-near - self._original) / (1 - self._original)
        return max(_LEAST, gained, _MOVED * moved * -prior), candidate

    def _moved(self, outcomes: Sequence[Outcome]) -> float:
        """Share of the cases that raised and now fail otherwise or not at all."""
        raised = [pair for pair in zip(self._before, outcomes, strict=True) if pair[0].kind is Kind.RAISED]
        return sum(_place(before) != _place(after) for before, after in raised) / max(1, len(raised))


def _behaviour(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    return tuple(f"{outcome.mark} {outcome.at} {outcome.message}" for outcome in outcomes)


def _place(outcome: Outcome) -> tuple[Kind, str, str]:
    return outcome.kind, outcome.error, outcome.at

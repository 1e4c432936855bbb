"""Which of the candidates that are right on all cases is right.

Each has a weight: how likely its edits are, how small, what it does to calls that were good, and what smells. Those
that behave alike on calls nobody recorded are one answer to the question, and the weights of an answer add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final

from autodev.repair.search.candidate import Candidate
from autodev.repair.search.outcome import Outcome

_SIZE: Final = 0.04
_EDIT: Final = 1.0
_CHANGED_GOOD: Final = 2.0
_NEW_EXCEPTIONS: Final = 3.0
_NOTHING: Final = 2.0
"""A None on calls nobody recorded, where no good call returns one."""
_DOUBT: Final = 1.5
"""Cases that say nothing: with so many, what is right on all is right half of the time."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one plausible candidate beside that it is."""

    candidate: Candidate
    outcomes: Sequence[Outcome]
    """On generated calls."""
    penalty: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    candidate: Candidate
    confidence: float
    """That it is right, from 0 to 1."""
    alike: int
    """How many plausible candidates behave as it does, itself included."""


def rank(
    evidence: Sequence[Evidence],
    original: Sequence[Outcome],
    near_good: Sequence[bool],
    cases: int,
    *,
    none_is_good: bool = True,
) -> list[Ranked]:
    """The likeliest first.

    `original`: its outcomes on the generated calls; `near_good`: which of these were made from calls that it got
    right; `cases`: on how many all are right; `none_is_good`: a good call returns None.
    """
    if not evidence:
        return []
    scores = [_score(each, original, near_good) - _NOTHING * (not none_is_good) * _nones(each) for each in evidence]
    highest = max(scores)
    weights = [exp(score - highest) for score in scores]
    clusters: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, each in enumerate(evidence):
        clusters[tuple(outcome.mark for outcome in each.outcomes)].append(index)
    total, sure = sum(weights), cases / (cases + _DOUBT)
    ranked: list[tuple[float, float, int, Ranked]] = []
    for members in clusters.values():
        together = sum(weights[index] for index in members)
        share = together / total
        for index in members:
            confidence = round(sure * share * (weights[index] / max(weights[m] for m in members)) ** 0.25, 3)
            ranked.append(
                (-together, -weights[index], index, Ranked(evidence[index].candidate, confidence, len(members)))
            )
    return [each for *_, each in sorted(ranked, key=lambda entry: entry[:3])]


def _score(evidence: Evidence, original: Sequence[Outcome], near_good: Sequence[bool]) -> float:
    candidate = evidence.candidate
    good = [
        (before, after)
        for before, after, near in zip(original, evidence.outcomes, near_good, strict=True)
        if near and before.returned
    ]
    changed = sum(before.mark != after.mark for before, after in good) / max(1, len(good))
    pairs = list(zip(original, evidence.outcomes, strict=True))
    worse = sum(before.returned and not after.returned for before, after in pairs) / max(1, len(pairs))
    likely = log(candidate.prior) - _SIZE * candidate.size - _EDIT * (len(candidate.edits) - 1)
    return likely - _CHANGED_GOOD * changed - _NEW_EXCEPTIONS * worse - evidence.penalty


def _nones(evidence: Evidence) -> float:
    """Share of the generated calls that end without an answer."""
    return sum(each.returned and each.value is None for each in evidence.outcomes) / max(1, len(evidence.outcomes))

"""Cheap cases first: a candidate that is wrong on them is not run on those that take long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from autodev.repair.search.candidate import Candidate
from autodev.repair.search.case import Case
from autodev.repair.search.outcome import Outcome
from autodev.repair.search.runner import Runner
from autodev.repair.search.trace import Trace

CHEAP_SECONDS: Final = 0.02
"""For all cases of the first stage together, as the original took under watch; about what it costs to start them."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Indices of cases; nothing is in the second stage where all are cheap."""

    first: tuple[int, ...]
    second: tuple[int, ...]


def stages(cases: Sequence[Case], traces: Sequence[Trace]) -> Stages:
    """In the first are the cheapest, one that fails among them."""
    order = sorted(range(len(cases)), key=lambda index: traces[index].seconds)
    failing = [index for index in order if not cases[index].is_right(traces[index].outcome)]
    first, spent = failing[:1], 0.0
    for index in order:
        spent += traces[index].seconds
        if spent > CHEAP_SECONDS:
            break
        if index not in first:
            first.append(index)
    return Stages(tuple(sorted(first)), tuple(index for index in range(len(cases)) if index not in first))


async def evaluated(
    run: Stages, candidates: Sequence[Candidate], cases: Sequence[Case], before: Sequence[Outcome], runner: Runner
) -> Sequence[Sequence[Outcome]]:
    """Outcomes on all cases; of a candidate that failed in the first stage, those of `before` in the second."""
    if not run.second:
        return await runner.evaluate(candidates, cases)
    cheap = [cases[index] for index in run.first]
    results = await runner.evaluate(candidates, cheap)
    passed = [
        number
        for number, outcomes in enumerate(results)
        if all(case.is_right(outcome) for case, outcome in zip(cheap, outcomes, strict=True))
    ]
    costly = [cases[index] for index in run.second]
    later = await runner.evaluate([candidates[number] for number in passed], costly) if passed else []
    second = dict(zip(passed, later, strict=True))
    return [_merged(run, before, outcomes, second.get(number)) for number, outcomes in enumerate(results)]


def _merged(
    run: Stages, before: Sequence[Outcome], first: Sequence[Outcome], second: Sequence[Outcome] | None
) -> list[Outcome]:
    merged = list(before)
    for index, outcome in zip(run.first, first, strict=True):
        merged[index] = outcome
    for index, outcome in zip(run.second, second or (), strict=False):
        merged[index] = outcome
    return merged

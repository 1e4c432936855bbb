"""One function, its cases, a budget and a sandbox → ranked versions that are right on all cases."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from autodev.repair.search.candidate import Candidate, EditMade
from autodev.repair.search.case import Case
from autodev.repair.search.expanding import Mutate
from autodev.repair.search.inputs import probes
from autodev.repair.search.module import ModuleText
from autodev.repair.search.priors import Priors, shipped
from autodev.repair.search.ranking import Evidence, Ranked, rank
from autodev.repair.search.runner import Runner
from autodev.repair.search.searching import Found, Progress, Task, search
from autodev.repair.search.smells import penalty
from autodev.repair.search.twins import agree, twins

RANKED: int = 60
_TORN: Final = 2.5
"""Of a score's logarithm."""


@dataclass(frozen=True)
class Repair:
    """What became of a repair. Nothing is fixed if `ranked` is empty, and nothing had to be if `needless`."""

    original: ModuleText
    found: Sequence[Candidate]
    """All that are right on the cases, in the order in which they were found."""
    ranked: Sequence[Ranked]
    evaluated: int
    seconds: float
    failures: Mapping[str, float]
    best: float
    needless: bool = False


async def repair(
    original: ModuleText,
    entrypoint: str,
    cases: Sequence[Case],
    runner: Runner,
    mutate: Mutate,
    *,
    budget_seconds: float,
    seed: int = 0,
    priors: Priors | None = None,
    watch: Callable[[Progress], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Repair:
    """Search, and rank what was found. The budget or `stopped` ends the search; ranking takes a moment more.

    `priors`: how likely each operator is right; those that are shipped unless given.
    """
    began = time.monotonic()

    def late() -> bool:
        return stopped() or time.monotonic() - began > budget_seconds

    task = Task(entrypoint, cases, mutate, late, watch, priors or shipped())
    start = Candidate(original)
    found = await search(start, task, runner)
    ranked = await _ranked(start, found, runner, Random(seed))  # noqa: S311 - inputs, no secret
    seconds = time.monotonic() - began
    return Repair(
        original,
        found.plausible,
        ranked,
        found.evaluated,
        seconds,
        found.failures,
        found.best,
        needless=not found.failures,
    )


async def _ranked(start: Candidate, found: Found, runner: Runner, random: Random) -> list[Ranked]:
    if not found.plausible:
        return []
    good = [case.is_right(trace.outcome) for case, trace in zip(found.cases, found.original, strict=True)]
    failing = [case for case, fine in zip(found.cases, good, strict=True) if not fine]
    none_is_good = any(case.expected is not None and case.expected.value is None for case in found.cases) or any(
        fine and trace.outcome.value is None for fine, trace in zip(good, found.original, strict=True)
    )
    near = probes(found.cases, random)
    plausible = list(found.plausible[:RANKED])
    outcomes = (
        await runner.evaluate([start, *plausible], [probe.case for probe in near])
        if near
        else [[]] * (len(plausible) + 1)
    )
    torn = await _torn(plausible, found.cases, runner)
    evidence = [
        Evidence(each, seen, apart + penalty(start.module.text, each.module.text, failing, none_is_good=none_is_good))
        for each, seen, apart in zip(plausible, outcomes[1:], torn, strict=True)
    ]
    near_good = [good[probe.parent] for probe in near]
    return rank(evidence, outcomes[0], near_good, len(found.cases), none_is_good=none_is_good)


async def _torn(plausible: Sequence[Candidate], cases: Sequence[Case], runner: Runner) -> list[float]:
    """A penalty for each that answers a list otherwise than a tuple, where callers pass both."""
    pairs = twins(cases)
    if not pairs:
        return [0.0] * len(plausible)
    calls = [call for pair in pairs for call in (pair.as_list, pair.as_tuple)]
    outcomes = await runner.evaluate(plausible, calls)
    return [0.0 if all(agree(*two) for two in zip(each[::2], each[1::2], strict=True)) else _TORN for each in outcomes]


__all__ = ["EditMade", "Repair", "repair"]

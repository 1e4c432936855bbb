"""A function that nothing repairs, searched until tens of thousands of its versions have run."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Final

from autodev.repair.running.mutating import mutate
from autodev.repair.running.sandboxed import SandboxRunner
from autodev.repair.search.candidate import Candidate
from autodev.repair.search.module import ModuleText
from autodev.repair.search.reading import read_case
from autodev.repair.search.searching import Progress, Task, search
from benchmarks.measurement import Measurement, Unit
from benchmarks.sandbox.engines import ALL, closing

FROM: Final = (200, 2_000, 19_000)
SHORT: Final = (200, 1_200)
WINDOW: Final = 1_000
"""Candidates after each of these."""
AT_LEAST: Final = 300.0
FLAT: Final = 0.9
"""Of the highest rate, what the lowest has to be."""
WARM: Final = 2
ENTRYPOINT: Final = "totals"
SOURCE: Final = """
def totals(orders, limit=10):
    found = {}
    kept = []
    for index in range(len(orders)):
        name, price = orders[index]
        if price > limit and name not in kept:
            kept.append(name)
        if name in found:
            found[name] = found[name] + price
        else:
            found[name] = price
    best = 0
    for name in kept:
        if found[name] > best:
            best = found[name]
    return sorted(kept), best
"""
CALLS: Final = (
    ("totals([('a', 11), ('b', 2), ('a', 3)])", "(['a'], 14)"),
    ("totals([])", "([], 0)"),
    ("totals([('a', 1), ('b', 20), ('c', 30)])", "(['b', 'c'], 30)"),
    ("totals([('a', 5)], 4)", "(['a'], 5)"),
    ("totals([('a', 5), ('a', 12)])", "'nothing that any edit returns'"),
)


async def searching(*, short: bool) -> list[Measurement]:
    """The rate from 200, 2,000 and 19,000 candidates on: it does not fall as the population grows.

    Each candidate runs in a process of its own, on the calls that it comes to.
    """
    load = os.getloadavg()[0]
    starts = SHORT if short else FROM
    rates = await _rates(starts)
    return [
        Measurement(name="load of the machine at the start", value=load, unit=Unit.COUNT),
        *(
            Measurement(
                name=f"candidates {start:,} to {start + WINDOW:,}", value=rate, unit=Unit.PER_SECOND, at_least=AT_LEAST
            )
            for start, rate in zip(starts, rates, strict=True)
        ),
        Measurement(name="lowest rate to highest", value=min(rates) / max(rates), unit=Unit.RATIO, at_least=FLAT),
    ]


async def _rates(starts: Sequence[int]) -> list[float]:
    module = ModuleText.of(SOURCE, ENTRYPOINT)
    cases = [read_case({"call": call, "expected": expected}, ENTRYPOINT) for call, expected in CALLS]
    rates: list[float] = []
    with closing(ALL["namespaces"](WARM)) as engine:
        runner = SandboxRunner(engine, module, ENTRYPOINT)
        seen: list[tuple[int, float]] = []

        def watch(progress: Progress) -> None:
            seen.append((progress.evaluated, time.monotonic()))
            if len(rates) < len(starts) and progress.evaluated >= starts[len(rates)] + WINDOW:
                first = next(each for each in seen if each[0] >= starts[len(rates)])
                rates.append((seen[-1][0] - first[0]) / (seen[-1][1] - first[1]))

        found = await search(
            Candidate(module), Task(ENTRYPOINT, cases, mutate, lambda: len(rates) == len(starts), watch), runner
        )
    if len(rates) < len(starts) or found.plausible:
        raise RuntimeError(f"the search ended after {found.evaluated} candidates, {len(found.plausible)} plausible")
    return rates

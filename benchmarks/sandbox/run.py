"""Every engine: cold, warm, many at once, a matrix of candidates and cases, and how late a deadline is kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks.measurement import Measurement, Unit
from benchmarks.sandbox.engines import ALL, ON_DOCKER, Make, usable
from benchmarks.sandbox.rates import matrix, one_shot
from benchmarks.sandbox.times import bare_python, cold, late, warm
from benchmarks.statistics import percentile
from deploy.sandbox.dockerd import DockerdError, some_daemon

LOAD: Final = "load of the machine at the start"
SLOW: Final = frozenset({"gvisor", "docker-gvisor", "docker"})
"""Which take so long for a run that a tenth of the samples is enough."""

COLD_MILLISECONDS: Final = {"namespaces without groups": 25.0, "namespaces": 35.0}
"""At the 95th percentile, where a bare Python takes 13."""
FIRST_BYTE_MILLISECONDS: Final = {"namespaces": 5.0}
ONE_SHOTS: Final = {"namespaces": 75.0}
MATRIX: Final = {"namespaces": 300.0}
LATE_MILLISECONDS: Final = {"namespaces": 50.0}


async def sandbox(*, short: bool) -> list[Measurement]:
    """Samples of all engines alternate, so that what else the machine does meets all of them."""
    found = [Measurement(name=LOAD, value=os.getloadavg()[0], unit=Unit.COUNT)]
    count = 20 if short else 200
    bare = await bare_python(count)
    found += _milliseconds("bare Python", "start to end", bare)
    found += await _of_all(await usable(name for name in ALL if name not in ON_DOCKER), bare, short=short)
    with ExitStack() as stack:  # whose daemon the others are not to run beside
        try:
            stack.enter_context(some_daemon(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        except DockerdError as error:
            print(f"sandbox: no Docker daemon: {error}", flush=True)  # noqa: T201 - progress
        return [*found, *await _of_all(await usable(sorted(ON_DOCKER)), bare, short=short)]


async def _of_all(engines: Mapping[str, Make], bare: Sequence[float], *, short: bool) -> list[Measurement]:
    count = 20 if short else 200
    found: list[Measurement] = []
    for name, make in engines.items():
        few = max(10, count // 10) if name in SLOW else count
        found += await _of(name, make, few, short=short)
        if name in COLD_MILLISECONDS:
            cold_p95 = next(
                each.value for each in found if each.name.startswith(f"{name}, cold") and "p95" in each.name
            )
            ratio = cold_p95 / (percentile(bare, 0.95) * 1000)
            found.append(Measurement(name=f"{name}, cold, to bare Python: p95", value=ratio, unit=Unit.RATIO))
    return found


async def _of(name: str, make: Make, count: int, *, short: bool) -> list[Measurement]:
    seconds = 2.0 if short else 10.0
    rates = {
        "one-shot runs": (await one_shot(make, seconds), ONE_SHOTS),
        "candidate-case runs of a matrix": (await matrix(make, seconds), MATRIX),
    }
    return [
        *_milliseconds(name, "cold, last answer in hand", await cold(make, count), COLD_MILLISECONDS.get(name)),
        *_milliseconds(name, "warm, first answer", await warm(make, count), FIRST_BYTE_MILLISECONDS.get(name)),
        *_milliseconds(name, "late at a deadline", await late(make, max(10, count // 5)), LATE_MILLISECONDS.get(name)),
        *(
            Measurement(name=f"{name}, {what}", value=rate, unit=Unit.PER_SECOND, at_least=promised.get(name))
            for what, (rate, promised) in rates.items()
        ),
    ]


def _milliseconds(name: str, what: str, samples: Sequence[float], limit: float | None = None) -> list[Measurement]:
    """Median and 95th percentile, which is what a limit is of."""
    label = f"{name}, {what} (n={len(samples)})"
    p50, p95 = (percentile(samples, share) * 1000 for share in (0.5, 0.95))
    return [
        Measurement(name=f"{label}: p50", value=p50, unit=Unit.MILLISECONDS),
        Measurement(name=f"{label}: p95", value=p95, unit=Unit.MILLISECONDS, at_most=limit),
    ]

"""The loop at one, ten and a hundred open cases, of many tenants and of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from autodev.events.catalogue import SUBSCRIPTIONS
from benchmarks.loop.stages import STAGES, stages
from benchmarks.loop.working import Repair, by_skill, repairs
from benchmarks.measurement import Measurement, Unit
from benchmarks.servers import Servers
from benchmarks.statistics import percentile
from tests.e2e.failing_agent import opted_in
from tests.e2e.installation import Installation

LIMIT_SECONDS: Final = 5.0
LIMITED_CASES: Final = 10


@dataclass(frozen=True)
class Arm:
    """`tenants` agents with `skills` failing skills each; every skill is a case. Repeated with new tenants."""

    tenants: int
    skills: int
    repeats: int

    @property
    def cases(self) -> int:
        return self.tenants * self.skills

    def __str__(self) -> str:
        tenants = "1 tenant" if self.tenants == 1 else f"{self.tenants} tenants"
        return f"{self.cases} open case{'s' if self.cases > 1 else ''}, {tenants}"


FULL: Final = (Arm(1, 1, 10), Arm(5, 2, 4), Arm(1, 10, 4), Arm(10, 10, 1), Arm(1, 100, 1))
SHORT: Final = (Arm(1, 1, 3), Arm(5, 2, 1), Arm(1, 10, 1))


async def loop(servers: Servers, *, short: bool) -> list[Measurement]:
    installed = await servers.install("loop")
    try:
        installed.start(*SUBSCRIPTIONS)
        await installed.ready(*SUBSCRIPTIONS)
        return [each for arm in (SHORT if short else FULL) for each in await _measure(installed, arm)]
    finally:
        installed.end()


async def _measure(installed: Installation, arm: Arm) -> list[Measurement]:
    found: list[Repair] = []
    for repeat in range(arm.repeats):
        tenants = [f"of-{arm.cases}-by-{arm.tenants}-{repeat}-{number}" for number in range(arm.tenants)]
        await installed.report([data for tenant in tenants for data in opted_in(tenant)])
        found += await repairs(installed, tenants, arm.skills)
    limit = LIMIT_SECONDS if arm.cases == LIMITED_CASES else None
    seconds = [repair.seconds for repair in found]
    by_stage = zip(*await stages(installed, by_skill(found)), strict=True)
    return [
        Measurement(name=f"{arm}: p50", value=percentile(seconds, 0.5), unit=Unit.SECONDS),
        Measurement(name=f"{arm}: p95", value=percentile(seconds, 0.95), unit=Unit.SECONDS, at_most=limit),
        *(
            Measurement(name=f"{arm}: … {stage}, p50", value=percentile(each, 0.5), unit=Unit.SECONDS)
            for stage, each in zip(STAGES, by_stage, strict=True)
        ),
    ]

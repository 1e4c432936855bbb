"""A tenant's repairs while nothing else happens, and beside another tenant that opens a hundred cases."""

from __future__ import annotations

import asyncio
from typing import Final

from autodev.events.catalogue import SUBSCRIPTIONS
from benchmarks.loop.working import repairs
from benchmarks.measurement import Measurement, Unit
from benchmarks.servers import Servers
from benchmarks.statistics import percentile
from tests.e2e.failing_agent import opted_in
from tests.e2e.installation import Installation

LIMIT: Final = 2.0
FLOOD: Final = "loud"
FLOODING_SKILLS: Final = 100
"""All of one agent, each called ten times a second and failing at every third call."""
UNTIL_FLOODED: Final = 3.0
ROUNDS: Final = 10
SHORT_ROUNDS: Final = 3


async def fairness(servers: Servers, *, short: bool) -> list[Measurement]:
    installed = await servers.install("fairness")
    rounds = SHORT_ROUNDS if short else ROUNDS
    try:
        installed.start(*SUBSCRIPTIONS)
        await installed.ready(*SUBSCRIPTIONS)
        alone = percentile(await _repairs(installed, "alone", rounds), 0.5)
        beside = percentile(await _beside_a_flood(installed, rounds), 0.5)
    finally:
        installed.end()
    return [
        Measurement(name="failure → loaded fix, alone: p50", value=alone, unit=Unit.SECONDS),
        Measurement(name="failure → loaded fix, beside a flood: p50", value=beside, unit=Unit.SECONDS),
        Measurement(name="beside a flood, to alone", value=beside / alone, unit=Unit.RATIO, at_most=LIMIT),
    ]


async def _beside_a_flood(installed: Installation, rounds: int) -> list[float]:
    await installed.report(opted_in(FLOOD))
    flood = asyncio.create_task(repairs(installed, [FLOOD], FLOODING_SKILLS))
    try:
        await asyncio.sleep(UNTIL_FLOODED)
        return await _repairs(installed, "beside", rounds)
    finally:
        flood.cancel()
        await asyncio.gather(flood, return_exceptions=True)


async def _repairs(installed: Installation, name: str, rounds: int) -> list[float]:
    """Seconds of one case after another, each of a new tenant."""
    seconds = []
    for number in range(rounds):
        tenant = f"{name}-{number}"
        await installed.report(opted_in(tenant))
        [repair] = await repairs(installed, [tenant], 1)
        seconds.append(repair.seconds)
    return seconds

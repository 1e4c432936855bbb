from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from autodev.events.catalogue import FAILURE_BATCHED, FAILURE_WINDOWED
from autodev.events.models.failure import ClockTicked, FailureWindowed
from tests.chaos.service import COMMAND, clock_of, set_clock
from tests.integration.analysis.installation import Installation
from tests.integration.analysis.worker import Workers
from tests.unit.analysis.failures import CLOSED, NOON, failure, tick

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

PATIENCE = 60
HOURS = 3 * 3_600
ROUNDS_SECONDS = 3
"""In which idle clocks are looked at more than once."""


async def until_processed(installation: Installation) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await installation.is_processed(FAILURE_BATCHED.name):  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.1)


async def test_a_wall_clock_that_jumps_by_hours_closes_no_window(
    installation: Installation, workers: Workers, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    worker = workers.add((*COMMAND, "analysis"), **clock_of(clock))
    await worker.start()
    await worker.wait_until_ready()
    await installation.send(failure(NOON), failure(NOON + 1))
    await until_processed(installation)
    for wrong in (HOURS, -HOURS, 0):
        set_clock(clock, wrong)
        await asyncio.sleep(ROUNDS_SECONDS)
    assert not [
        event for event in await installation.events(FAILURE_BATCHED.name) if isinstance(event.data, ClockTicked)
    ]

    (number,) = [number for number, end in enumerate(await installation.ends(FAILURE_BATCHED.name)) if end]
    await installation.send(failure(NOON + 2), tick(NOON + CLOSED), partition=number)
    await until_processed(installation)
    told = [event.data for event in await installation.events(FAILURE_WINDOWED.name)]
    assert [(each.count, each.revision) for each in told if isinstance(each, FailureWindowed)] == [(3, 1)]

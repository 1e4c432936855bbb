from __future__ import annotations

import asyncio

import pytest

from autodev.events.catalogue import FAILURE_BATCHED, LEARNING_REQUESTED, Topic, dead_letter_topic
from autodev.events.record import OutgoingRecord
from tests.integration.analysis.installation import Installation
from tests.integration.analysis.worker import Workers
from tests.unit.analysis.failures import NOON, failure

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

PATIENCE = 60
GARBAGE = OutgoingRecord(FAILURE_BATCHED.name, b"acme/agent", b"\x00 no event")


async def count(installation: Installation, topic: Topic, at_least: int) -> int:
    async with asyncio.timeout(PATIENCE):
        while (found := sum(map(len, await installation.log(topic.name)))) < at_least:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return found


async def test_too_many_dead_letters_stop_their_partition_alone_until_the_limit_is_raised(
    installation: Installation, workers: Workers
) -> None:
    limited = workers.add(AUTODEV_DEAD_LETTERS__CONSECUTIVE="3")
    await limited.start()
    await limited.wait_until_ready()
    await installation.write([GARBAGE] * 5, partition=0)
    await installation.send(failure(NOON, count=2), partition=0)
    async with asyncio.timeout(PATIENCE):
        while "would give up" not in (await asyncio.to_thread(limited.readiness) or ""):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await installation.send(failure(NOON, count=2), partition=1)

    assert await count(installation, LEARNING_REQUESTED, at_least=1) == 1
    assert await count(installation, dead_letter_topic("analysis"), at_least=3) == 3
    assert await limited.stop() == 0
    assert limited.exit_codes == []

    raised = workers.add(AUTODEV_DEAD_LETTERS__CONSECUTIVE="0")
    await raised.start()
    assert await count(installation, dead_letter_topic("analysis"), at_least=5) == 5
    assert await count(installation, LEARNING_REQUESTED, at_least=2) == 2

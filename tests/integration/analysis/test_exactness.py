from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest

from autodev.events.binary import from_record
from autodev.events.catalogue import FAILURE_BATCHED, FAILURE_WINDOWED, LEARNING_REQUESTED
from autodev.events.envelope import Event
from autodev.events.models.base import EventData
from autodev.events.models.failure import ClockTicked, FailureBatched, FailureWindowed
from autodev.ids import TenantId
from services.analysis.domain.fold import step
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing
from tests.integration.analysis.installation import Installation
from tests.integration.analysis.worker import Worker, Workers
from tests.unit.analysis.failures import NOON, failure

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

RECORDS = 6_000
HOUR = 3_600


async def undisturbed(installation: Installation) -> dict[str, EventData]:
    """What the pure fold makes of the log as it is, with ids."""
    results: dict[str, EventData] = {}
    for records in await installation.log(FAILURE_BATCHED.name):
        state, seen = PartitionState(Windowing()), set()
        for record in records:
            event = from_record(record)
            if event.id not in seen and event.data is not None:
                seen.add(event.id)
                results |= {str(each.event_id): each.data for each in step(state, event.data)}
    return results


async def wait_for_the_end(installation: Installation, worker: Worker) -> None:
    await worker.wait_until_ready()
    async with asyncio.timeout(60):
        while not await installation.is_processed(FAILURE_BATCHED.name):  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.3)


def backlog(seed: int) -> list[FailureBatched]:
    """An hour of failures of some tenants and agents, a few of them late."""
    chance = random.Random(seed)
    seconds = sorted(chance.choices(range(HOUR), k=RECORDS))
    return [
        failure(
            NOON + max(0, second - chance.choice([0] * 20 + [400])),
            f"signature-{chance.randrange(5)}",
            count=chance.randrange(1, 4),
            agent=f"agent-{chance.randrange(12)}",
            tenant=f"tenant-{chance.randrange(3)}",
        )
        for second in seconds
    ]


@pytest.mark.timeout(240)
async def test_counts_are_exact_over_kills_pauses_and_rebalances_under_backlog(
    installation: Installation, workers: Workers
) -> None:
    failures = backlog(seed=1)
    sent: list[Event[EventData]] = []
    first, second = workers.add(), workers.add()

    sent += await installation.send(*failures[:2_000])
    await first.start()
    await first.wait_until_ready()
    await second.start()  # a rebalance with a backlog
    sent += await installation.send(*failures[2_000:4_000])
    await asyncio.sleep(1.5)
    await first.kill()
    await installation.send_again(sent[1_000:1_500])  # a relay that died between sending and marking
    await second.wait_until_ready()
    await first.start()
    await asyncio.sleep(1)
    second.pause()  # a zombie: its partitions move on without it
    sent += await installation.send(*failures[4_000:])
    await asyncio.sleep(13)
    second.resume()
    await asyncio.sleep(1)
    assert await first.stop() == 0
    await wait_for_the_end(installation, second)
    last = {TenantId(f"tenant-{number}"): NOON + 2 * HOUR for number in range(3)}
    for number in range(FAILURE_BATCHED.partitions):
        await installation.send(ClockTicked(seconds=last), partition=number)
    await wait_for_the_end(installation, second)

    expected = await undisturbed(installation)
    found = [
        event for name in (FAILURE_WINDOWED.name, LEARNING_REQUESTED.name) for event in await installation.events(name)
    ]
    assert {event.id: event.data for event in found} == expected
    final: dict[tuple[str, object], FailureWindowed] = {}
    for data in expected.values():
        if isinstance(data, FailureWindowed):
            key = (data.case_id, data.window_start)
            final[key] = max(data, final.get(key, data), key=lambda window: window.revision)
    told = Counter[str]()
    for window in final.values():
        told[window.case_id] += window.count
    happened = Counter[str]()
    for each in failures:
        happened[str(each.case_id)] += each.count
    assert told == happened

from __future__ import annotations

import asyncio
import time
from statistics import median

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer

from autodev.events.catalogue import (
    FAILURE_BATCHED,
    FAILURE_WINDOWED,
    LEARNING_REQUESTED,
    Topic,
    dead_letter_topic,
)
from autodev.events.record import OutgoingRecord
from tests.integration.analysis.installation import Installation
from tests.integration.analysis.worker import Worker, Workers
from tests.unit.analysis.failures import NOON, failure

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

PATIENCE = 90


async def ready(worker: Worker) -> Worker:
    await worker.start()
    await worker.wait_until_ready()
    return worker


async def count(installation: Installation, topic: Topic, at_least: int) -> int:
    """Records of `topic` once there are `at_least` so many."""
    async with asyncio.timeout(PATIENCE):
        while (found := sum(map(len, await installation.log(topic.name)))) < at_least:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return found


async def test_learning_is_requested_without_a_wait_for_more_records(
    installation: Installation, workers: Workers
) -> None:
    await ready(workers.add())
    listener = AIOKafkaConsumer(
        installation.connection.physical(LEARNING_REQUESTED.name),
        bootstrap_servers=installation.connection.bootstrap_servers,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=20,
    )
    await listener.start()
    waited = []
    for number in range(40):
        crossing = failure(NOON + number, f"signature-{number}", count=2, agent=f"agent-{number % 8}")
        started = time.monotonic()
        await installation.send(crossing)
        async with asyncio.timeout(PATIENCE):
            assert (await listener.getone()).key == str(crossing.case_id).encode()
        waited.append(time.monotonic() - started)
    await listener.stop()

    # Below 0.1 s on an idle machine; a fetch that waits for records takes 1.5 s with Faust's own settings.
    assert median(waited) < 0.75, f"median {median(waited):.3f} s, worst {max(waited):.3f} s"


async def test_a_window_closes_though_nothing_more_happens(installation: Installation, workers: Workers) -> None:
    await ready(workers.add(AUTODEV_ANALYSIS__WINDOW_SECONDS="1", AUTODEV_ANALYSIS__GRACE_SECONDS="1"))
    await installation.send(failure(NOON, count=3))

    assert await count(installation, FAILURE_WINDOWED, at_least=1) == 1


async def test_an_invalid_record_is_put_aside_and_the_next_one_counts(
    installation: Installation, workers: Workers
) -> None:
    await ready(workers.add())
    await installation.write([OutgoingRecord(FAILURE_BATCHED.name, b"acme/agent", b"\x00 no event")])
    await installation.send(failure(NOON, count=2))

    assert await count(installation, LEARNING_REQUESTED, at_least=1) == 1
    assert await count(installation, dead_letter_topic("analysis"), at_least=1) == 1


async def test_lost_database_connections_lose_no_failure(installation: Installation, workers: Workers) -> None:
    worker = await ready(workers.add())
    database = await asyncpg.connect(installation.database_url)
    for number in range(40):
        await installation.send(failure(NOON + number, f"signature-{number}", count=2))
        if number % 10 == 5:
            await database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    await database.close()

    assert await count(installation, LEARNING_REQUESTED, at_least=40) == 40
    assert worker.exit_codes == []


async def test_an_emptied_database_is_filled_again_with_the_same_results(
    installation: Installation, workers: Workers
) -> None:
    worker = await ready(workers.add())
    await installation.send(*(failure(NOON + number, count=2, agent=f"agent-{number}") for number in range(20)))
    await count(installation, LEARNING_REQUESTED, at_least=20)
    await asyncio.sleep(1)  # offsets are committed
    await worker.stop()
    database = await asyncpg.connect(installation.database_url)
    for (table,) in await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'analysis'"):
        if table != "alembic_version":
            await database.execute(f"TRUNCATE analysis.{table}")
    await database.close()
    await ready(worker)

    assert await count(installation, LEARNING_REQUESTED, at_least=40) == 40
    assert len({event.id for event in await installation.events(LEARNING_REQUESTED.name)}) == 20


async def test_it_stops_quickly_in_the_middle_of_work(installation: Installation, workers: Workers) -> None:
    worker = await ready(workers.add())
    await installation.send(*(failure(NOON + number, f"signature-{number}") for number in range(2_000)))
    started = time.monotonic()

    assert await worker.stop() == 0
    assert time.monotonic() - started < 15  # of the 30 s that a supervisor gives


async def test_it_waits_for_a_migrated_database_and_says_so(installation: Installation, workers: Workers) -> None:
    database = await asyncpg.connect(installation.database_url)
    await database.execute("ALTER TABLE analysis.alembic_version RENAME TO hidden")
    worker = workers.add()
    await worker.start()
    async with asyncio.timeout(PATIENCE):
        while "autodev db upgrade" not in (await asyncio.to_thread(worker.readiness) or ""):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await database.execute("ALTER TABLE analysis.hidden RENAME TO alembic_version")
    await database.close()

    await worker.wait_until_ready()

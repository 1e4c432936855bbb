"""A log that no longer fits the position: nothing is passed over in silence."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from autodev.events.catalogue import FAILURE_BATCHED, LEARNING_REQUESTED, TOPICS
from autodev.stream.kafka.topics import apply_topics
from tests.integration.analysis.installation import Installation
from tests.integration.analysis.worker import Worker, Workers
from tests.unit.analysis.failures import NOON, failure

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

PATIENCE = 60


async def set_position(installation: Installation, offset: int) -> None:
    database = await asyncpg.connect(installation.database_url)
    await database.execute("INSERT INTO analysis.position VALUES ('analysis', $1, 0, $2)", FAILURE_BATCHED.name, offset)
    await database.close()


async def first_exit(worker: Worker) -> int:
    async with asyncio.timeout(PATIENCE):
        while not worker.exit_codes:  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.1)
    await worker.kill()
    return worker.exit_codes[0]


async def requests(installation: Installation) -> int:
    """How many there are once there is one."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await installation.events(LEARNING_REQUESTED.name)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return len(found)


async def test_records_that_kafka_deleted_unread_stop_it_until_someone_says_go_on(
    installation: Installation, workers: Workers
) -> None:
    await installation.send(*(failure(NOON + number, count=2) for number in range(3)), partition=0)
    await set_position(installation, 0)
    await installation.delete_before(FAILURE_BATCHED.name, partition=0, offset=3)
    strict, told = workers.add(), workers.add(AUTODEV_ANALYSIS__SKIP_LOST_RECORDS="true")
    await strict.start()

    assert await first_exit(strict) == 1
    await told.start()
    await told.wait_until_ready()
    await installation.send(failure(NOON + 9, count=2), partition=0)
    assert await requests(installation) == 1


async def test_a_log_that_ends_before_the_position_stops_it(installation: Installation, workers: Workers) -> None:
    await set_position(installation, 3)
    worker = workers.add()
    await worker.start()

    assert await first_exit(worker) == 1


async def handled(installation: Installation, workers: Workers) -> Worker:
    """A worker that has read three records."""
    worker = workers.add()
    await worker.start()
    await worker.wait_until_ready()
    await installation.send(*(failure(NOON + number, count=2) for number in range(3)), partition=0)
    await requests(installation)
    return worker


async def replace_log(installation: Installation) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=installation.connection.bootstrap_servers)
    await admin.start()
    await admin.delete_topics([installation.connection.physical(FAILURE_BATCHED.name)])
    await asyncio.sleep(2)
    await apply_topics(installation.connection, TOPICS)
    await admin.close()


async def test_a_log_that_is_replaced_while_it_runs_stops_it(installation: Installation, workers: Workers) -> None:
    worker = await handled(installation, workers)
    await replace_log(installation)

    assert await first_exit(worker) == 1


async def test_a_log_that_was_replaced_by_a_longer_one_stops_it(installation: Installation, workers: Workers) -> None:
    worker = await handled(installation, workers)
    await worker.stop()
    await replace_log(installation)
    await installation.send(*(failure(NOON + number, count=2) for number in range(9)), partition=0)
    await worker.start()

    assert await first_exit(worker) == 1


async def test_a_longer_log_that_replaces_its_own_while_it_runs_stops_it(
    installation: Installation, workers: Workers
) -> None:
    worker = await handled(installation, workers)
    await replace_log(installation)
    await installation.send(*(failure(NOON + number, count=2) for number in range(9)), partition=0)

    assert await first_exit(worker) == 1

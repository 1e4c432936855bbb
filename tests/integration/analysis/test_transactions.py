"""Producers that use transactions leave offsets without records: no gaps to stop for."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from autodev.events.catalogue import FAILURE_BATCHED, LEARNING_REQUESTED
from services.analysis.consumer import patrol
from tests.integration.analysis.installation import Installation
from tests.integration.analysis.worker import Workers
from tests.unit.analysis.failures import NOON, failure

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

PATIENCE = 60


async def abort_one(installation: Installation) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=installation.connection.bootstrap_servers, transactional_id=uuid4().hex
    )
    await producer.start()
    try:
        await producer.begin_transaction()
        await producer.send_and_wait(installation.connection.physical(FAILURE_BATCHED.name), b"aborted", partition=0)
        await producer.abort_transaction()
    finally:
        await producer.stop()


async def test_aborted_transactions_neither_stop_it_nor_count_as_waiting(
    installation: Installation, workers: Workers
) -> None:
    worker = workers.add()
    await worker.start()
    await worker.wait_until_ready()
    await installation.send(failure(NOON, count=1), partition=0)
    await abort_one(installation)
    await installation.send(failure(NOON + 1, count=1), partition=0)
    async with asyncio.timeout(PATIENCE):
        while not await installation.events(LEARNING_REQUESTED.name):  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.1)
    await abort_one(installation)
    await asyncio.sleep(patrol.STALL_SECONDS + 5)

    assert worker.exit_codes == []

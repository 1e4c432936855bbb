"""The service while its broker is away and nothing has to be read."""

from __future__ import annotations

import asyncio

import pytest

from deploy.local.broker import Kafka
from tests.integration.analysis.installation import installed
from tests.integration.analysis.worker import Worker, Workers

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

PATIENCE = 60


async def said(worker: Worker, words: str) -> None:
    """Return once its readiness says `words`."""
    async with asyncio.timeout(PATIENCE):
        while words not in (await asyncio.to_thread(worker.readiness) or ""):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.2)


async def test_it_says_that_the_broker_is_away(kafka: Kafka, database_url: str) -> None:
    async with installed(kafka.bootstrap, database_url) as installation:
        workers = Workers(installation)
        worker = workers.add()
        await worker.start()
        await worker.wait_until_ready()
        kafka.kill()
        try:
            await said(worker, "broker not reachable")
        finally:
            await asyncio.to_thread(kafka.restart)
            await worker.wait_until_ready(PATIENCE)
            await workers.kill_all()

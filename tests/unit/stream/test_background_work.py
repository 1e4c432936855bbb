"""Work beside the events: it must not end unseen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from autodev.service.context import Context
from autodev.service.database import create_engine
from autodev.service.readiness import Readiness
from autodev.service.settings import DatabaseSettings, ServiceSettings
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.publisher import KafkaPublisher


@pytest.fixture
async def stopped() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def context(stopped: asyncio.Event) -> AsyncIterator[Context]:
    database = DatabaseSettings(url=SecretStr("postgresql://nobody@localhost:1/none"))
    engine = create_engine(database, "ingestion")
    context = Context(
        "ingestion",
        ServiceSettings(database=database),
        engine,
        Readiness(),
        KafkaPublisher(KafkaConnection("localhost:1", "ingestion")),
        stopped.set,
    )
    yield context
    await context.end_background()
    await engine.dispose()


@pytest.mark.parametrize("error", [ZeroDivisionError("by nobody"), asyncio.CancelledError()])
async def test_what_ends_background_work_stops_the_service_and_is_kept(
    context: Context, stopped: asyncio.Event, error: BaseException
) -> None:
    async def patrol() -> None:
        raise error

    with capture_logs() as logs:
        context.background(patrol())
        await asyncio.wait_for(stopped.wait(), timeout=5)
    assert [each["event"] for each in logs] == ["background_failed"]
    assert "patrol" in logs[0]["work"]
    assert len(context.failures) == 1


async def test_background_work_may_come_to_its_end(context: Context, stopped: asyncio.Event) -> None:
    context.background(asyncio.sleep(0))
    await asyncio.sleep(0.01)
    assert (stopped.is_set(), context.failures) == (False, [])


async def test_background_work_that_is_told_to_end_has_not_failed(context: Context, stopped: asyncio.Event) -> None:
    context.background(asyncio.sleep(60))
    await asyncio.sleep(0)
    await context.end_background()
    assert (stopped.is_set(), context.failures) == (False, [])

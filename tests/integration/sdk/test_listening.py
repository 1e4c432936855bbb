"""Event handlers in consumer groups of a real broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from autodev import TaskEvent, event_bus
from autodev.sdk.runtime import RUNTIME, open_kafka
from tests.integration.sdk.agents import PATIENCE, Installation

pytestmark = pytest.mark.kafka


@pytest.fixture
async def handled(installation: Installation) -> AsyncIterator[asyncio.Queue[str]]:
    """Descriptions of the failed tasks that this process has handled, as a client of `installation`."""
    queue: asyncio.Queue[str] = asyncio.Queue()

    async def handle(event: TaskEvent) -> None:
        await queue.put(event.task_description)

    event_bus.on_task_fail(handle)
    client = RUNTIME.connect(installation.settings, open_kafka)
    before = RUNTIME.use(client)
    yield queue
    RUNTIME.use(before)
    await asyncio.to_thread(client.close)
    event_bus.remove(handle)


async def next_of(queue: asyncio.Queue[str]) -> str:
    return await asyncio.wait_for(queue.get(), PATIENCE)


async def test_what_was_emitted_is_handled(handled: asyncio.Queue[str]) -> None:
    async with event_bus.listening(group="billing"):
        assert await event_bus.emit_task_fail(task_description="book a flight")
        assert await next_of(handled) == "book a flight"


async def test_a_group_goes_on_where_it_left_off(handled: asyncio.Queue[str]) -> None:
    async with event_bus.listening(group="billing"):
        await event_bus.emit_task_fail(task_description="one")
        await next_of(handled)
    await event_bus.emit_task_fail(task_description="two")
    async with event_bus.listening(group="billing"):
        assert await next_of(handled) == "two"


async def test_each_group_handles_every_event(handled: asyncio.Queue[str]) -> None:
    await event_bus.emit_task_fail(task_description="one")
    for group in ("billing", "audit"):
        async with event_bus.listening(group=group):
            assert await next_of(handled) == "one"

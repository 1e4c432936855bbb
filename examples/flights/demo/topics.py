"""What goes over the topics, as it happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer

from autodev.events.binary import from_record
from autodev.events.catalogue import (
    APPROVAL_REQUESTED,
    CANDIDATES_PROPOSED,
    CASE_CHANGED,
    FAILURE_BATCHED,
    LEARNING_REQUESTED,
    SKILL_PROMOTED,
    SKILL_WITHDRAWN,
)
from autodev.events.models.base import EventData
from autodev.stream.kafka.records import to_record

_TOLD: Final = (
    FAILURE_BATCHED,
    LEARNING_REQUESTED,
    CASE_CHANGED,
    CANDIDATES_PROPOSED,
    APPROVAL_REQUESTED,
    SKILL_PROMOTED,
    SKILL_WITHDRAWN,
)


@asynccontextmanager
async def following(bootstrap_servers: str, tenant: str) -> AsyncIterator[AsyncIterator[EventData]]:
    """Events of one tenant, from now on."""
    consumer: Any = AIOKafkaConsumer(
        *(topic.name for topic in _TOLD),
        bootstrap_servers=bootstrap_servers,
        client_id="flights-demo",
        group_id=None,
        auto_offset_reset="latest",
        max_partition_fetch_bytes=max(topic.max_bytes for topic in _TOLD),
    )
    await consumer.start()
    try:
        for partition in consumer.assignment():
            await consumer.position(partition)  # from now on, and not from the first poll on
        yield _events(consumer, tenant)
    finally:
        await consumer.stop()


async def _events(consumer: Any, tenant: str) -> AsyncIterator[EventData]:
    async for message in consumer:
        event = from_record(to_record(message, message.topic))
        if event.data is not None and getattr(event.data, "tenant_id", None) == tenant:
            yield event.data

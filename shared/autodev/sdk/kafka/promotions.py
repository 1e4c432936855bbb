"""Reads the compacted topic of promoted versions: from its beginning, all partitions, in no group."""

from __future__ import annotations

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from autodev.events.catalogue import SKILL_PROMOTED
from autodev.sdk.kafka.records import to_record
from autodev.sdk.settings import Settings
from autodev.sdk.transport import CAUGHT_UP, PromotionStream

_POLL_MS = 1_000
_TOPIC_PAUSE = 1.0


async def read_promotions(settings: Settings) -> PromotionStream:
    """As `Transport.promotions`. Ends when the topic has got more partitions; waits while it does not exist."""
    topic = settings.topic_prefix + SKILL_PROMOTED.name
    consumer: Any = AIOKafkaConsumer(
        bootstrap_servers=settings.bootstrap_servers,
        client_id=f"autodev-sdk-{settings.agent}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        partitions = await _partitions(consumer, topic)
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        caught_up = False
        while consumer.partitions_for_topic(topic) == {partition.partition for partition in partitions}:
            if not caught_up and await _has_reached(consumer, ends):
                caught_up = True
                yield CAUGHT_UP
            for messages in (await consumer.getmany(timeout_ms=_POLL_MS if caught_up else 100)).values():
                for message in messages:
                    yield to_record(message, settings.topic_prefix)
    finally:
        await consumer.stop()


async def _partitions(consumer: Any, topic: str) -> list[Any]:
    while topic not in await consumer.topics():  # noqa: ASYNC110 - the broker says nothing when a topic is made
        await asyncio.sleep(_TOPIC_PAUSE)
    return [TopicPartition(topic, partition) for partition in sorted(consumer.partitions_for_topic(topic))]


async def _has_reached(consumer: Any, ends: dict[Any, int]) -> bool:
    # The last offset of a compacted topic may hold no record any more, so positions decide, and not records.
    return all([await consumer.position(partition) >= end for partition, end in ends.items()])

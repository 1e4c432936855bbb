"""Reads the compacted topic of promoted versions: from its beginning, all partitions, in no group."""

from __future__ import annotations

from typing import Any

from aiokafka import AIOKafkaConsumer

from autodev.events.catalogue import SKILL_PROMOTED
from autodev.sdk.settings import Settings
from autodev.sdk.transport import CAUGHT_UP, PromotionStream
from autodev.stream.kafka.records import to_record

_POLL_MS = 1_000


async def read_promotions(settings: Settings) -> PromotionStream:
    """As `Transport.promotions`.

    Raises:
        KafkaError: the broker is away, or has no such topic yet.
    """
    consumer: Any = AIOKafkaConsumer(
        settings.topic_prefix + SKILL_PROMOTED.name,
        bootstrap_servers=settings.bootstrap_servers,
        client_id=f"autodev-sdk-{settings.agent}",
        group_id=None,  # and so all partitions, those added later too
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        ends = await consumer.end_offsets(consumer.assignment())
        caught_up = False
        while True:
            if not caught_up and await _has_reached(consumer, ends):
                caught_up = True
                yield CAUGHT_UP
            for messages in (await consumer.getmany(timeout_ms=_POLL_MS if caught_up else 100)).values():
                for message in messages:
                    yield to_record(message, settings.topic_prefix)
    finally:
        await consumer.stop()


async def _has_reached(consumer: Any, ends: dict[Any, int]) -> bool:
    # The last offset of a compacted topic may hold no record any more, so positions decide, and not records.
    return all([await consumer.position(partition) >= end for partition, end in ends.items()])

"""Reads the compacted topic of promoted versions: from its beginning, all partitions, in no group."""

from __future__ import annotations

from typing import Any

from aiokafka import AIOKafkaConsumer

from autodev.events.catalogue import SKILL_PROMOTED
from autodev.sdk.settings import Settings
from autodev.sdk.transport import CAUGHT_UP, PromotionStream
from autodev.stream.kafka.connection import ISOLATION
from autodev.stream.kafka.fetching import fetch_any

_POLL_SECONDS = 1.0


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
        isolation_level=ISOLATION,
    )
    try:
        await consumer.start()
        ends = await consumer.end_offsets(consumer.assignment())
        caught_up = False
        while True:
            if not caught_up and await _has_reached(consumer, ends):
                caught_up = True
                yield CAUGHT_UP
            seconds = _POLL_SECONDS if caught_up else 0.1
            for record in await fetch_any(consumer, settings.topic_prefix, seconds=seconds):
                yield record
    finally:
        await consumer.stop()


async def _has_reached(consumer: Any, ends: dict[Any, int]) -> bool:
    # The last offset of a compacted topic may hold no record any more, so positions decide, and not records.
    return all([await consumer.position(partition) >= end for partition, end in ends.items()])

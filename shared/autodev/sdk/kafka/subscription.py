"""A named consumer group whose offsets are committed only when told so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, RebalanceInProgressError

from autodev.events.record import Record
from autodev.sdk.log import log
from autodev.sdk.settings import Settings
from autodev.stream.kafka.connection import ISOLATION
from autodev.stream.kafka.fetching import fetch_any

_MOST = 500


class KafkaSubscription:
    def __init__(self, consumer: Any, topic_prefix: str) -> None:
        self._consumer = consumer
        self._topic_prefix = topic_prefix

    async def batches(self) -> AsyncIterator[Sequence[Record]]:
        while True:
            if batch := await fetch_any(self._consumer, self._topic_prefix, seconds=1.0, max_records=_MOST):
                yield batch

    async def commit(self, records: Sequence[Record]) -> None:
        done: dict[Any, int] = {}
        for record in records:
            partition = TopicPartition(self._topic_prefix + record.topic, record.partition)
            done[partition] = max(done.get(partition, 0), record.offset + 1)
        try:
            await self._consumer.commit(done)
        except (CommitFailedError, IllegalStateError, RebalanceInProgressError) as error:
            # The partition moved to another member meanwhile, which gets the same records: at least once.
            log.info("records will be handled again: %s", error)


@asynccontextmanager
async def subscribed(settings: Settings, topics: Sequence[str], group: str) -> AsyncIterator[KafkaSubscription]:
    """A member of `group`, which leaves it at the end of the block."""
    consumer: Any = AIOKafkaConsumer(
        *(settings.topic_prefix + topic for topic in topics),
        bootstrap_servers=settings.bootstrap_servers,
        group_id=settings.topic_prefix + group,
        client_id=f"{group}-{settings.agent}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=ISOLATION,
    )
    try:
        await consumer.start()
        yield KafkaSubscription(consumer, settings.topic_prefix)
    finally:
        await consumer.stop()

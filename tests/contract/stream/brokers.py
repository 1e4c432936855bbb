"""The brokers under test: the one in memory, and Kafka under a prefix that no other test uses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from autodev.events.catalogue import Topic
from autodev.events.record import Record
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import partitions_of
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.kafka.subscription import KafkaSubscription
from autodev.stream.kafka.topics import apply_topics
from autodev.stream.memory.broker import MemoryBroker
from autodev.stream.ports import Publisher, Subscription
from tests.contract.stream.waiting import PATIENCE

PARTITIONS = 2
LETTERS = Topic("letters.v1", key="the sender", partitions=PARTITIONS)


class BrokerUnderTest(Protocol):
    @property
    def publisher(self) -> Publisher: ...

    def subscription(self, group: str, topics: Collection[str]) -> Subscription: ...

    async def delete(self, topic: str) -> None:
        """Return when `topic` is gone."""

    async def create(self, topic: str) -> None:
        """Make `topic` anew after `delete`."""

    async def written(self, topic: str) -> list[Record]:
        """All that `topic` holds now, partition by partition."""


class InMemory:
    def __init__(self) -> None:
        self._broker = MemoryBroker(PARTITIONS)

    @property
    def publisher(self) -> Publisher:
        return self._broker

    def subscription(self, group: str, topics: Collection[str]) -> Subscription:
        return self._broker.subscription(group, topics)

    async def delete(self, topic: str) -> None:
        self._broker.delete(topic)

    async def create(self, topic: str) -> None:
        self._broker.create(topic)

    async def written(self, topic: str) -> list[Record]:
        return self._broker.log(topic)


class OnKafka:
    def __init__(self, connection: KafkaConnection, topics: Sequence[Topic]) -> None:
        self.connection = connection
        self.publisher = KafkaPublisher(connection)
        self._topics = {topic.name: topic for topic in topics}

    def subscription(self, group: str, topics: Collection[str]) -> Subscription:
        return KafkaSubscription(self.connection, group, topics)

    async def delete(self, topic: str) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.connection.bootstrap_servers)
        await admin.start()
        try:
            name = self.connection.physical(topic)
            await admin.delete_topics([name])
            async with asyncio.timeout(PATIENCE):
                while name in await admin.list_topics():  # noqa: ASYNC110 - the broker sets no event
                    await asyncio.sleep(0.05)
        finally:
            await admin.close()

    async def create(self, topic: str) -> None:
        await apply_topics(self.connection, [self._topics[topic]])
        await partitions_of(self.connection, [topic])

    async def written(self, topic: str) -> list[Record]:
        name = self.connection.physical(topic)
        partitions = [TopicPartition(name, number) for number in range(self._topics[topic].partitions)]
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.connection.bootstrap_servers, group_id=None, auto_offset_reset="earliest"
        )
        consumer.assign(partitions)
        await consumer.start()
        try:
            ends = await consumer.end_offsets(partitions)
            found: dict[TopicPartition, list[Any]] = {partition: [] for partition in partitions}
            while any(len(found[partition]) < ends[partition] for partition in partitions):
                for partition, messages in (await consumer.getmany(*partitions, timeout_ms=1_000)).items():
                    found[partition] += messages
        finally:
            await consumer.stop()
        return [
            Record(topic, partition.partition, m.offset, m.timestamp, m.key, m.value, tuple(m.headers))
            for partition in partitions
            for m in found[partition]
        ]


@asynccontextmanager
async def on_kafka(bootstrap: str, topics: Sequence[Topic]) -> AsyncIterator[OnKafka]:
    """Kafka with `topics` made under a fresh prefix."""
    connection = KafkaConnection(bootstrap, client_id="contract", prefix=f"{uuid4().hex}.")
    await apply_topics(connection, topics)
    broker = OnKafka(connection, topics)
    try:
        yield broker
    finally:
        await broker.publisher.stop()

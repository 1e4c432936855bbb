"""The brokers under test: the one in memory, and Kafka under a prefix that no other test uses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition

from autodev.events.catalogue import Topic
from autodev.events.record import Record
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.kafka.subscription import KafkaSubscription
from autodev.stream.kafka.topics import apply_topics
from autodev.stream.memory.broker import MemoryBroker
from autodev.stream.ports import Publisher, Subscription

PARTITIONS = 2
LETTERS = Topic("letters.v1", key="the sender", partitions=PARTITIONS)


class BrokerUnderTest(Protocol):
    @property
    def publisher(self) -> Publisher: ...

    def subscription(self, group: str, topics: Collection[str]) -> Subscription: ...

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

    async def written(self, topic: str) -> list[Record]:
        return self._broker.log(topic)


class OnKafka:
    def __init__(self, connection: KafkaConnection) -> None:
        self.connection = connection
        self.publisher = KafkaPublisher(connection)

    def subscription(self, group: str, topics: Collection[str]) -> Subscription:
        return KafkaSubscription(self.connection, group, topics)

    async def written(self, topic: str) -> list[Record]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.connection.bootstrap_servers, group_id=None)
        await consumer.start()
        try:
            name = self.connection.physical(topic)
            numbers = consumer.partitions_for_topic(name) or await _partitions(consumer, name)
            return [
                Record(topic, number, m.offset, m.timestamp, m.key, m.value, tuple(m.headers))
                for number in sorted(numbers)
                for m in await _whole(consumer, TopicPartition(name, number))
            ]
        finally:
            await consumer.stop()


@asynccontextmanager
async def on_kafka(bootstrap: str, topics: Sequence[Topic]) -> AsyncIterator[OnKafka]:
    """Kafka with `topics` made under a fresh prefix."""
    broker = OnKafka(KafkaConnection(bootstrap, client_id="contract", prefix=f"{uuid4().hex}."))
    await apply_topics(broker.connection, topics)
    yield broker
    await broker.publisher.stop()


async def _partitions(consumer: AIOKafkaConsumer, name: str) -> set[int]:
    consumer.subscribe([name])
    await consumer.topics()
    consumer.unsubscribe()
    found: set[int] = consumer.partitions_for_topic(name)
    return found


async def _whole(consumer: AIOKafkaConsumer, partition: TopicPartition) -> list[Any]:
    consumer.assign([partition])
    await consumer.seek_to_beginning(partition)
    end = (await consumer.end_offsets([partition]))[partition]
    found: list[Any] = []
    while await consumer.position(partition) < end:
        found += (await consumer.getmany(partition, timeout_ms=1_000)).get(partition, [])
    return found

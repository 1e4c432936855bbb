"""Topics under a prefix of their own and a migrated database: what a test writes, and what it finds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from pydantic import SecretStr

from autodev.events.binary import from_record, to_record
from autodev.events.catalogue import TOPICS
from autodev.events.envelope import Event, new_event
from autodev.events.models.base import EventData
from autodev.events.record import OutgoingRecord, Record
from autodev.service.database import create_engine
from autodev.service.migrations import history
from autodev.service.settings import DatabaseSettings
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import partitions_of
from autodev.stream.kafka.topics import apply_topics
from autodev.stream.postgres.published import waiting


@asynccontextmanager
async def installed(bootstrap: str, database_url: str) -> AsyncIterator[Installation]:
    """Fresh topics, and the present tables in an empty database."""
    connection = KafkaConnection(bootstrap, "test", f"{uuid4().hex[:8]}.")
    await apply_topics(connection, TOPICS)
    engine = create_engine(DatabaseSettings(url=SecretStr(database_url)), "analysis")
    await history.upgrade(engine, "analysis")
    await engine.dispose()
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=0)
    await producer.start()
    try:
        yield Installation(connection, database_url, producer)
    finally:
        await producer.stop()


@dataclass
class Installation:
    """Topics under a prefix of their own and a migrated database."""

    connection: KafkaConnection
    database_url: str
    producer: AIOKafkaProducer

    async def send(self, *data: EventData, partition: int | None = None) -> list[Event[EventData]]:
        events = [new_event(each, source="/test") for each in data]
        await self.send_again(events, partition)
        return events

    async def send_again(self, events: list[Event[EventData]], partition: int | None = None) -> None:
        await self.write([to_record(event) for event in events], partition)

    async def write(self, records: list[OutgoingRecord], partition: int | None = None) -> None:
        sent = [
            await self.producer.send(
                self.connection.physical(record.topic),
                record.value,
                key=record.key,
                headers=list(record.headers),
                timestamp_ms=record.timestamp_ms,
                partition=partition,
            )
            for record in records
        ]
        await asyncio.gather(*sent)

    async def log(self, topic: str) -> list[list[Record]]:
        """All records of a topic up to its present end, by partition."""
        physical = self.connection.physical(topic)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.connection.bootstrap_servers, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            count = next(each.partitions for each in TOPICS if each.name == topic)
            partitions = [TopicPartition(physical, number) for number in range(count)]
            consumer.assign(partitions)
            ends = await consumer.end_offsets(partitions)
            found: dict[int, list[Record]] = {each.partition: [] for each in partitions}
            left = {each for each in partitions if ends[each]}
            while left:
                for messages in (await consumer.getmany(timeout_ms=200)).values():
                    for m in messages:
                        found[m.partition].append(
                            Record(topic, m.partition, m.offset, m.timestamp, m.key, m.value, tuple(m.headers))
                        )
                left = {each for each in left if await consumer.position(each) < ends[each]}
            return [found[number] for number in sorted(found)]
        finally:
            await consumer.stop()

    async def ends(self, topic: str) -> list[int]:
        """The offset that the next record of each partition gets."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.connection.bootstrap_servers, enable_auto_commit=False)
        await consumer.start()
        try:
            offsets = await consumer.end_offsets(await partitions_of(self.connection, [topic]))
        finally:
            await consumer.stop()
        return [offset for _, offset in sorted((each.partition, offset) for each, offset in offsets.items())]

    async def events(self, topic: str) -> list[Event[EventData]]:
        return [from_record(record) for records in await self.log(topic) for record in records]

    async def delete_before(self, topic: str, *, partition: int, offset: int) -> None:
        """What Kafka's retention does."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.connection.bootstrap_servers)
        await admin.start()
        where = TopicPartition(self.connection.physical(topic), partition)
        await admin.delete_records({where: RecordsToDelete(before_offset=offset)})
        await admin.close()

    async def is_processed(self, topic: str) -> bool:
        """Whether the service's positions are at the end of `topic` and all its results are published."""
        ends = await self.ends(topic)
        connection = await asyncpg.connect(self.database_url)
        try:
            rows = await connection.fetch(
                "SELECT partition, next_offset FROM analysis.position WHERE topic = $1", topic
            )
            pending = await connection.fetchval(f"SELECT count(*) FROM {waiting('analysis')}")
        finally:
            await connection.close()
        positions = {row["partition"]: row["next_offset"] for row in rows}
        return pending == 0 and all(positions.get(number, 0) >= end for number, end in enumerate(ends))

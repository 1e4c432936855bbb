"""Reading topics without a group: what was written, or what is written from now on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from autodev.events.record import Record
from autodev.stream.kafka.connection import KafkaConnection

POLL_MS = 500


async def read(
    connection: KafkaConnection, topics: Sequence[str], *, from_start: bool, until_end: bool
) -> AsyncIterator[Record]:
    """Records of `topics` as they come: what one poll brings is in order of time, what differs by more may not be.

    With `until_end` it ends where the topics ended when it started, without it never.

    Raises:
        KafkaError: the broker is away.
    """
    async with _consumer(connection) as consumer:
        partitions = await _partitions(consumer, [connection.physical(topic) for topic in topics])
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await (consumer.seek_to_beginning if from_start else consumer.seek_to_end)(*partitions)
        if until_end:
            begins = await consumer.beginning_offsets(partitions)
            ends = {partition: end for partition, end in ends.items() if from_start and end > begins[partition]}
        while ends or not until_end:
            fetched = await consumer.getmany(timeout_ms=POLL_MS)
            records = [_record(connection, each) for messages in fetched.values() for each in messages]
            for record in sorted(records, key=lambda each: each.timestamp_ms):
                yield record
            if until_end:
                ends = {each: end for each, end in ends.items() if await consumer.position(each) < end}


async def _partitions(consumer: Any, topics: Sequence[str]) -> list[TopicPartition]:
    known = await consumer.topics()
    return [
        TopicPartition(topic, number)
        for topic in topics
        if topic in known
        for number in sorted(consumer.partitions_for_topic(topic) or ())
    ]


@asynccontextmanager
async def _consumer(connection: KafkaConnection) -> AsyncIterator[Any]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=connection.bootstrap_servers, client_id=connection.client_id, enable_auto_commit=False
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


def _record(connection: KafkaConnection, message: Any) -> Record:
    return Record(
        topic=connection.logical(message.topic),
        partition=message.partition,
        offset=message.offset,
        timestamp_ms=message.timestamp,
        key=message.key,
        value=message.value,
        headers=tuple(message.headers),
    )

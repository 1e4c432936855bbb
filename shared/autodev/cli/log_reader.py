"""Reading topics without a group: what was written, or what is written from now on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from autodev.events.record import Record
from autodev.stream.kafka.connection import KafkaConnection

POLL_MS = 500


async def read(
    connection: KafkaConnection, topics: Sequence[str], *, from_start: bool, until_end: bool
) -> AsyncGenerator[Record]:
    """Records of `topics` as they come: what one poll brings is in order of time, what differs by more may not be.

    With `until_end` it ends where the topics ended when it started, without it never.

    Raises:
        KafkaError: the broker is away.
    """
    # Without a group every partition of the topics is ours.
    consumer = AIOKafkaConsumer(
        *(connection.physical(topic) for topic in topics),
        bootstrap_servers=connection.bootstrap_servers,
        client_id=connection.client_id,
        enable_auto_commit=False,
    )
    try:
        await consumer.start()
        ends = await _unread(consumer, from_start=from_start)
        while ends or not until_end:
            fetched = await consumer.getmany(timeout_ms=POLL_MS)
            records = [_record(connection, each) for messages in fetched.values() for each in messages]
            for record in sorted(records, key=lambda each: each.timestamp_ms):
                yield record
            ends = {partition: end for partition, end in ends.items() if await consumer.position(partition) < end}
    finally:
        await consumer.stop()


async def _unread(consumer: Any, *, from_start: bool) -> Mapping[TopicPartition, int]:
    """Seek, and return the present end of each partition that has records from there on."""
    partitions = consumer.assignment()
    if not partitions:
        return {}
    if not from_start:
        await consumer.seek_to_end(*partitions)
        return {}
    await consumer.seek_to_beginning(*partitions)
    begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    return {partition: end for partition, end in ends.items() if end > begins[partition]}


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

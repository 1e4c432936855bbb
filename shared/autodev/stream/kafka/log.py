"""Reading topics as logs, without a group: what was written, or what is written from now on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import LeaderNotAvailableError, UnknownTopicOrPartitionError

from autodev.events.record import Record
from autodev.stream.kafka.connection import ISOLATION, KafkaConnection
from autodev.stream.kafka.fetching import fetch_any

POLL_SECONDS: Final = 0.5
FETCH_WAIT_MS: Final = 500
"""The client's own default."""
FETCH_WAIT_SHORT_MS: Final = 50
"""For who reads up to an end that is known, and waits for nothing beyond it."""
LEADER_SECONDS: Final = 10.0
"""A topic made a moment ago may have partitions that nobody leads yet."""


async def read(
    connection: KafkaConnection, topics: Sequence[str], *, from_start: bool, until_end: bool
) -> AsyncGenerator[Record]:
    """Records of `topics` as they come: what one poll brings is in order of time, what differs by more may not be.

    With `until_end` it ends where the topics ended when it started, without it never. Partitions added later are not
    read.

    Raises:
        KafkaError: the broker is away, or has no such topic.
    """
    # Assigned by hand: a consumer that subscribes is assigned anew, and forgets where it was, when metadata changes.
    partitions = await partitions_of(connection, topics)
    async with reader(connection) as consumer:
        consumer.assign(partitions)
        ends = await _unread(consumer, partitions, from_start=from_start)
        while ends or not until_end:
            for record in sorted(await fetch_any(consumer, connection.prefix, seconds=POLL_SECONDS), key=_time):
                yield record
            ends = {partition: end for partition, end in ends.items() if await consumer.position(partition) < end}


async def partitions_of(connection: KafkaConnection, topics: Sequence[str]) -> list[TopicPartition]:
    """Every partition of `topics`, by their names at the broker.

    Raises:
        UnknownTopicOrPartitionError: the broker has no such topic.
        LeaderNotAvailableError: a partition has had no leader for `LEADER_SECONDS`.
    """
    names = [connection.physical(topic) for topic in topics]
    admin = AIOKafkaAdminClient(bootstrap_servers=connection.bootstrap_servers, client_id=connection.client_id)
    try:
        await admin.start()
        deadline = asyncio.get_running_loop().time() + LEADER_SECONDS
        while True:
            described = await admin.describe_topics(names)
            for each in described:
                if each["error_code"] == UnknownTopicOrPartitionError.errno:
                    raise UnknownTopicOrPartitionError(f"no topic {each['topic']}: run 'autodev topics apply'")
            found = [(each["topic"], part) for each in described for part in each["partitions"]]
            if all(part["leader"] >= 0 for _, part in found):
                return [TopicPartition(topic, part["partition"]) for topic, part in found]
            if asyncio.get_running_loop().time() > deadline:
                raise LeaderNotAvailableError(f"a partition of {', '.join(names)} has no leader")
            await asyncio.sleep(0.05)
    finally:
        await admin.close()


@asynccontextmanager
async def reader(connection: KafkaConnection, *, fetch_wait_ms: int = FETCH_WAIT_MS) -> AsyncIterator[Any]:
    """A started consumer without a group or partitions; the broker answers a fetch after `fetch_wait_ms` at the latest.

    Raises:
        KafkaError: the broker is away.
    """
    consumer = AIOKafkaConsumer(
        bootstrap_servers=connection.bootstrap_servers,
        client_id=connection.client_id,
        enable_auto_commit=False,
        fetch_max_wait_ms=fetch_wait_ms,
        isolation_level=ISOLATION,
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def _unread(
    consumer: Any, partitions: Sequence[TopicPartition], *, from_start: bool
) -> Mapping[TopicPartition, int]:
    """Seek, and return the present end of each partition that has records from there on."""
    if not from_start:
        await consumer.seek_to_end(*partitions)
        return {}
    await consumer.seek_to_beginning(*partitions)
    begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    return {partition: end for partition, end in ends.items() if end > begins[partition]}


def _time(record: Record) -> int:
    return record.timestamp_ms

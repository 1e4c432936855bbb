"""Fetching records, those that the client can't decode too."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED
from aiokafka.errors import CorruptRecordException, IllegalStateError, LeaderNotAvailableError, for_code
from aiokafka.protocol.fetch import FetchRequest

from autodev.events.record import Record
from autodev.stream.kafka.batches import StoredBatch, committed, decode
from autodev.stream.kafka.decompression import limited_decompression
from autodev.stream.kafka.records import to_record

MAX_BYTES: Final = 1_048_576
"""Of one partition's fetch; a batch that is larger comes alone."""
UNDECODABLE: Final = (UnicodeDecodeError, CorruptRecordException)
"""What the client raises for a header name that is no UTF-8, depending on which of its decoders is in use; the second
also for a batch that is too large."""


async def fetch(
    consumer: Any, partition: TopicPartition, prefix: str, *, max_records: int, seconds: float
) -> list[Record]:
    """The next records of `partition`, at most `max_records`; empty after `seconds` without any.

    Raises:
        KafkaError: the broker is away, what it holds is damaged, or the codec is unknown. Nothing was passed over.
    """
    try:
        with limited_decompression():
            found = await consumer.getmany(partition, timeout_ms=int(seconds * 1000), max_records=max_records)
    except UNDECODABLE:
        return await _fetch_stored(consumer, partition, prefix, max_records)
    return _records(found, prefix)


async def fetch_any(consumer: Any, prefix: str, *, seconds: float, max_records: int | None = None) -> list[Record]:
    """The next records of all that `consumer` is assigned, each partition's in order.

    Raises:
        KafkaError: as `fetch`; nothing was passed over.
    """
    try:
        positions = {partition: await consumer.position(partition) for partition in consumer.assignment()}
    except IllegalStateError:  # partitions are on their way to other members
        return []
    try:
        with limited_decompression():
            found = await consumer.getmany(timeout_ms=int(seconds * 1000), max_records=max_records)
    except UNDECODABLE:
        records = []
        for partition, position in positions.items():
            consumer.seek(partition, position)  # what it had already decoded of others went with the error
            records += await _fetch_stored(consumer, partition, prefix, max_records or sys.maxsize)
        return records
    return _records(found, prefix)


def _records(found: Mapping[TopicPartition, Sequence[Any]], prefix: str) -> list[Record]:
    records = []
    for partition, messages in found.items():
        topic = partition.topic.removeprefix(prefix)
        records += [to_record(message, topic) for message in messages]
    return records


async def _fetch_stored(consumer: Any, partition: TopicPartition, prefix: str, max_records: int) -> list[Record]:
    records: list[Record] = []
    following = position = await consumer.position(partition)
    for batch in await _stored(consumer, partition, position):
        fresh = [record for record in batch.records if record.offset >= position]
        taken = fresh[: max_records - len(records)]
        records += [
            Record(
                topic=partition.topic.removeprefix(prefix),
                partition=partition.partition,
                offset=record.offset,
                timestamp_ms=record.timestamp_ms,
                key=record.key,
                value=record.value,
                headers=record.headers,
                has_escaped_names=record.has_escaped_names,
                is_oversized_batch=record.is_oversized_batch,
            )
            for record in taken
        ]
        if len(taken) < len(fresh):
            following = taken[-1].offset + 1 if taken else following
            break
        following = batch.following
    consumer.seek(partition, following)
    return records


async def _stored(consumer: Any, partition: TopicPartition, offset: int) -> Iterator[StoredBatch]:
    """What the leader of `partition` holds from the batch with `offset` on, as far as it is committed."""
    client = consumer._client  # noqa: SLF001 - there is no public way to what was fetched
    leader = client.cluster.leader_for_partition(partition)
    if leader is None or leader < 0:
        raise LeaderNotAvailableError(f"nobody leads {partition.topic}[{partition.partition}]")
    wanted = [(partition.topic, [(partition.partition, offset, MAX_BYTES)])]
    response = await client.send(leader, FetchRequest(0, 1, MAX_BYTES, READ_COMMITTED, wanted, rack_id=""))
    ((_, ((_, error, _, *others, stored),)),) = response.topics
    if error:
        raise for_code(error)(f"{partition.topic}[{partition.partition}]@{offset}")
    aborted = next((each for each in others if isinstance(each, list)), [])  # where it stands depends on the version
    return committed(decode(bytes(stored or b"")), aborted)

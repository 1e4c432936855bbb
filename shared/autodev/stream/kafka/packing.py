"""Many records as the batches that they go out in, with one acknowledgement each.

Sent one by one, a record costs as much again for the future that tells of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder

from autodev.events.record import OutgoingRecord
from autodev.stream.kafka.partitioning import partition_of


async def sent_together(
    producer: AIOKafkaProducer, records: Iterable[OutgoingRecord], *, physical: Callable[[str], str], now: int
) -> AsyncGenerator[asyncio.Future[object], None]:
    """Send `records`, those of each partition in order; yields each batch's acknowledgement to come.

    `physical` is the broker's name of a topic, `now` in milliseconds the latest timestamp that any of them gets.

    Raises:
        KafkaError: the broker is away, or does not know a topic. Batches that were yielded may arrive all the same.
    """
    partitions: dict[str, list[int]] = {}
    filling: dict[TopicPartition, BatchBuilder] = {}
    for record in records:
        topic = physical(record.topic)
        known = partitions.get(topic)
        if known is None:
            known = partitions[topic] = sorted(await producer.partitions_for(topic))
        number = partition_of(key_of(record), known, known) if record.partition is None else record.partition
        at = TopicPartition(topic, number)
        batch = filling.get(at)
        if batch is None or not _added(batch, record, now):
            if batch is not None:
                yield await producer.send_batch(batch, topic, partition=number)
            batch = filling[at] = producer.create_batch()
            _added(batch, record, now)  # the first has room, whatever its size
    for at, batch in filling.items():
        yield await producer.send_batch(batch, at.topic, partition=at.partition)


def key_of(record: OutgoingRecord) -> bytes | None:
    """An empty key where a dead letter has neither key nor value: the client refuses such a record."""
    return b"" if record.key is None and record.value is None else record.key


def timestamp_of(record: OutgoingRecord, now: int) -> int | None:
    """Of the record, but not after `now`: an event may say that it is of the future; a broker refuses such a record,
    and with it all that come after."""
    return None if record.timestamp_ms is None else min(record.timestamp_ms, now)


def _added(batch: BatchBuilder, record: OutgoingRecord, now: int) -> bool:
    """Whether there was room."""
    added = batch.append(
        timestamp=timestamp_of(record, now), key=key_of(record), value=record.value, headers=list(record.headers)
    )
    return added is not None

"""Filling topics, and watching how far they have come, as fast as one client can."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from autodev.events.record import OutgoingRecord
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import partitions_of

SAMPLE_SECONDS: Final = 0.2
PATIENCE: Final = 120.0
"""Seconds without any progress until a run counts as failed."""


async def fill(connection: KafkaConnection, records: Iterable[OutgoingRecord]) -> None:
    """Write all `records`, in order per partition."""
    producer = AIOKafkaProducer(
        bootstrap_servers=connection.bootstrap_servers, acks="all", linger_ms=5, max_batch_size=262_144
    )
    await producer.start()
    try:
        for record in records:
            await producer.send(
                connection.physical(record.topic),
                key=record.key,
                value=record.value,
                headers=list(record.headers),
                timestamp_ms=record.timestamp_ms,
                partition=record.partition,
            )
        await producer.flush()
    finally:
        await producer.stop()


@asynccontextmanager
async def log_end(connection: KafkaConnection, topic: str) -> AsyncIterator[LogEnd]:
    """How many records `topic` has had, to be asked again and again."""
    consumer = AIOKafkaConsumer(bootstrap_servers=connection.bootstrap_servers, enable_auto_commit=False)
    await consumer.start()
    try:
        yield LogEnd(consumer, await partitions_of(connection, [topic]))
    finally:
        await consumer.stop()


class LogEnd:
    def __init__(self, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        self._consumer = consumer
        self._partitions = partitions

    async def records(self) -> int:
        """All records so far, over all partitions."""
        return sum((await self._consumer.end_offsets(self._partitions)).values())


async def progress(done: Callable[[], Awaitable[int]], count: int, before: int) -> list[tuple[float, int]]:
    """Samples (seconds, units beyond those there were) until `done` tells of `count` more than `before`, which it told
    before anything began.

    Raises:
        TimeoutError: for `PATIENCE` seconds nothing came.
    """
    samples = [(perf_counter(), 0)]
    moved = samples[0][0]
    while samples[-1][1] < count:
        await asyncio.sleep(SAMPLE_SECONDS)
        now, so_far = perf_counter(), await done() - before
        moved = now if so_far > samples[-1][1] else moved
        if now - moved > PATIENCE:
            raise TimeoutError(f"{so_far} of {count} came, and none for {PATIENCE:.0f} s: see the services' logs")
        samples.append((now, so_far))
    return samples

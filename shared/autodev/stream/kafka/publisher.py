"""An idempotent, pipelined producer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence

from aiokafka import AIOKafkaProducer

from autodev.events.catalogue import TOPICS
from autodev.events.models.base import utc_now
from autodev.events.record import OutgoingRecord
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.packing import key_of, sent_together, timestamp_of
from autodev.stream.kafka.partitioning import partition_of

MAX_REQUEST = max(topic.max_bytes for topic in TOPICS)
MAX_BATCH = 262_144
"""Bytes of one partition that go out together; less than any topic takes at once."""
PROGRESS_SECONDS = 10.0
"""Without one more record taken or acknowledged; longer than a cluster takes to fail over."""
FLUSH_SECONDS = 5.0
MANY = 32
"""From so many on, records are packed here; fewer join the batch that others are filling at the moment."""
_Sent = AsyncGenerator["asyncio.Future[object]", None]


class KafkaPublisher:
    def __init__(self, connection: KafkaConnection) -> None:
        self._connection = connection
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        producer = await self._started()
        try:
            await self._send(producer, records)
        except Exception:
            # After a failed send an idempotent producer may be unusable for good; a new one costs milliseconds.
            if self._producer is producer:
                self._producer = None
            await _abandon(producer)
            raise

    async def stop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await producer.flush()
            await _abandon(producer)

    async def _send(self, producer: AIOKafkaProducer, records: Sequence[OutgoingRecord]) -> None:
        acknowledged: list[asyncio.Future[object]] = []
        now = int(utc_now().timestamp() * 1000)
        send = self._together if len(records) >= MANY else self._one_by_one
        try:
            async with _progressing() as progress, contextlib.aclosing(send(producer, records, now)) as sent:
                async for each in sent:
                    acknowledged.append(each)
                    progress()
                for each in acknowledged:
                    await each
                    progress()
        finally:
            for each in acknowledged:
                each.cancel()

    def _together(self, producer: AIOKafkaProducer, records: Sequence[OutgoingRecord], now: int) -> _Sent:
        return sent_together(producer, records, physical=self._connection.physical, now=now)

    async def _one_by_one(self, producer: AIOKafkaProducer, records: Sequence[OutgoingRecord], now: int) -> _Sent:
        for record in records:
            yield await producer.send(
                self._connection.physical(record.topic),
                key=key_of(record),
                value=record.value,
                partition=record.partition,
                timestamp_ms=timestamp_of(record, now),
                headers=list(record.headers),
            )

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:  # relay and routes share this publisher: neither may start a second producer
            return self._producer or await self._start()

    async def _start(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._connection.bootstrap_servers,
            client_id=self._connection.client_id,
            acks="all",
            enable_idempotence=True,
            max_request_size=MAX_REQUEST,
            linger_ms=0,
            request_timeout_ms=15_000,
            # What does not fit waits for the broker to have taken the batch before: with the default of 16 KiB, some
            # fifteen records.
            max_batch_size=MAX_BATCH,
            partitioner=partition_of,
        )
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        self._producer = producer
        return producer


@contextlib.asynccontextmanager
async def _progressing() -> AsyncIterator[Callable[[], None]]:
    """Raise TimeoutError when what it yields has not been called for `PROGRESS_SECONDS`, or a second less."""
    now = asyncio.get_running_loop().time
    async with asyncio.timeout_at(now() + PROGRESS_SECONDS) as limit:
        since = now()

        def progress() -> None:
            nonlocal since
            if now() - since > 1.0:  # a new deadline for each record would cost more than the record
                since = now()
                limit.reschedule(since + PROGRESS_SECONDS)

        yield progress


async def _abandon(producer: AIOKafkaProducer) -> None:
    """Close without waiting for what is pending, and so that none of it is written later.

    `AIOKafkaProducer.stop` flushes first, and an idempotent producer retries for ever while the broker is away.
    """
    await producer._sender.close()  # noqa: SLF001 - there is no public way to give up
    producer._message_accumulator.fail_all(ConnectionError("the broker did not acknowledge"))  # noqa: SLF001
    await producer.stop()

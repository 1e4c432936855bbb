"""A consumer group member on aiokafka. Offsets are committed explicitly, never automatically."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from autodev.events.record import Record
from autodev.stream.kafka.connection import ISOLATION, KafkaConnection
from autodev.stream.kafka.fetching import MAX_BYTES, fetch
from autodev.stream.kafka.topic_ids import topic_ids
from autodev.stream.ports import Extent, LogId, Partition, PartitionsChanged

MAX_POLL_MS = 600_000
"""A handler may take this long before the group gives its partitions away."""
SESSION_MS = 10_000
COMMIT_SECONDS = 5.0
METADATA_MS = 30_000
"""Until new partitions, or a topic made anew, are read; the default of five minutes leaves them unread as long."""


class KafkaSubscription:
    def __init__(self, connection: KafkaConnection, group: str, topics: Collection[str]) -> None:
        self._connection = connection
        self._topics = sorted(topics)
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=connection.bootstrap_servers,
            client_id=connection.client_id,
            group_id=connection.physical(group),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_interval_ms=MAX_POLL_MS,
            rebalance_timeout_ms=30_000,
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=2_000,
            # A fetch sent while a partition's records are still buffered leaves that partition out for as long.
            fetch_max_wait_ms=50,
            max_partition_fetch_bytes=MAX_BYTES,
            metadata_max_age_ms=METADATA_MS,
            isolation_level=ISOLATION,
        )

    async def start(self, *, assigned: PartitionsChanged, revoked: PartitionsChanged) -> None:
        self._consumer.subscribe(
            [self._connection.physical(topic) for topic in self._topics],
            listener=_Listener(self._logical, assigned, revoked),
        )
        try:
            await self._consumer.start()
        except BaseException:
            await self._consumer.stop()
            raise

    async def logs(self) -> Mapping[str, LogId | None]:
        return await topic_ids(self._consumer, self._connection, self._topics)

    async def extent(self, partition: Partition) -> Extent:
        physical = self._physical(partition)
        beginnings = await self._consumer.beginning_offsets([physical])
        ends = await self._consumer.end_offsets([physical])
        return Extent(beginnings[physical], ends[physical])

    def seek(self, partition: Partition, offset: int) -> None:
        self._consumer.seek(self._physical(partition), offset)

    async def poll(self, partition: Partition, *, max_records: int, seconds: float) -> Sequence[Record]:
        return await fetch(
            self._consumer,
            self._physical(partition),
            self._connection.prefix,
            max_records=max_records,
            seconds=seconds,
        )

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        async with asyncio.timeout(COMMIT_SECONDS):  # the client itself would try for ever
            await self._consumer.commit({self._physical(partition): offset for partition, offset in offsets.items()})

    def lag(self, partition: Partition, next_offset: int) -> int | None:
        try:
            end = self._consumer.highwater(self._physical(partition))
        except AssertionError:  # it has left us meanwhile
            return None
        return None if end is None else max(0, end - next_offset)

    async def stop(self) -> None:
        try:
            await self._consumer.stop()
        except asyncio.CancelledError:
            # While the broker is away the client lets the cancellation of its own fetch out, as if we were cancelled.
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            await self._consumer._client.close()  # noqa: SLF001 - what its stop had left to do

    def _physical(self, partition: Partition) -> TopicPartition:
        return TopicPartition(self._connection.physical(partition.topic), partition.number)

    def _logical(self, partitions: Collection[TopicPartition]) -> list[Partition]:
        return [Partition(self._connection.logical(each.topic), each.partition) for each in partitions]


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    def __init__(self, logical: object, assigned: PartitionsChanged, revoked: PartitionsChanged) -> None:
        self._logical: object = logical
        self._assigned = assigned
        self._revoked = revoked

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        await self._assigned(self._logical(assigned))  # type: ignore[operator]

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        await self._revoked(self._logical(revoked))  # type: ignore[operator]

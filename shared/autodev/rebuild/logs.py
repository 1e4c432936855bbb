"""Logs of several partitions, each read in its own order and as far as it is asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import TopicPartition

from autodev.events.record import Record
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.fetching import fetch
from autodev.stream.kafka.log import FETCH_WAIT_SHORT_MS, partitions_of, reader
from autodev.stream.kafka.topic_ids import topic_ids
from autodev.stream.ports import Extent, LogId, Partition

FETCH: Final = 500
POLL_SECONDS: Final = 0.5


class Logs:
    """What `extents` named when they were opened: whatever is written later is not read. `ids` are by topic."""

    def __init__(
        self,
        consumer: Any,
        connection: KafkaConnection,
        extents: Mapping[Partition, Extent],
        ids: Mapping[str, LogId | None],
    ) -> None:
        self.extents = extents
        self.ids = ids
        self._consumer = consumer
        self._connection = connection
        self._fetched: dict[Partition, deque[Record]] = {partition: deque() for partition in extents}
        self._next = {partition: extent.beginning for partition, extent in extents.items()}

    async def head(self, partition: Partition, *, before: int) -> Record | None:
        """The next record, which stays; None if there is none below the offset `before`."""
        fetched = self._fetched[partition]
        while not fetched and self._next[partition] < min(before, self.extents[partition].end):
            await self._fetch(partition)
        return fetched[0] if fetched and fetched[0].offset < before else None

    async def take(self, partition: Partition, *, before: int, limit: int | None = None) -> list[Record]:
        """The next records below the offset `before`, at most `limit`."""
        taken: list[Record] = []
        while (limit is None or len(taken) < limit) and await self.head(partition, before=before):
            taken.append(self._fetched[partition].popleft())
        return taken

    async def _fetch(self, partition: Partition) -> None:
        physical = _physical(self._connection, partition)
        self._fetched[partition] += await fetch(
            self._consumer, physical, self._connection.prefix, max_records=FETCH, seconds=POLL_SECONDS
        )
        # It may have passed offsets that compaction left empty.
        self._next[partition] = await self._consumer.position(physical)


@asynccontextmanager
async def open_logs(connection: KafkaConnection, topics: Sequence[str]) -> AsyncIterator[Logs]:
    """The logs of all partitions of `topics`, each at its beginning.

    Raises:
        KafkaError: the broker is away, or has no such topic.
    """
    partitions = await partitions_of(connection, topics)
    async with reader(connection, fetch_wait_ms=FETCH_WAIT_SHORT_MS) as consumer:
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        beginnings, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
        extents = {_logical(connection, each): Extent(beginnings[each], ends[each]) for each in partitions}
        yield Logs(consumer, connection, extents, await topic_ids(consumer, connection, topics))


def _physical(connection: KafkaConnection, partition: Partition) -> TopicPartition:
    return TopicPartition(connection.physical(partition.topic), partition.number)


def _logical(connection: KafkaConnection, partition: TopicPartition) -> Partition:
    return Partition(connection.logical(partition.topic), partition.partition)

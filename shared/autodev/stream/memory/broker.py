"""A broker in memory: topics, partitions, groups with one owner a partition, offsets."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import uuid4

from autodev.events.record import OutgoingRecord, Record
from autodev.stream.ports import Extent, LogId, Partition, PartitionsChanged


class MemoryBroker:
    """Logs of records, shared by the publishers and subscriptions made from it. Single event loop."""

    def __init__(self, partitions: int = 2) -> None:
        self._count = partitions
        self.logs: dict[Partition, list[Record]] = defaultdict(list)
        self.ids: dict[str, LogId | None] = defaultdict(_new_id)
        """Of each topic's log; None where it was deleted."""
        self.offsets: dict[tuple[str, Partition], int] = {}
        self.members: dict[str, list[MemorySubscription]] = defaultdict(list)
        self.written = asyncio.Condition()
        self._rebalancing = asyncio.Lock()

    def log(self, topic: str) -> list[Record]:
        """All records of `topic`, partition by partition."""
        return [record for partition in self._partitions([topic]) for record in self.logs[partition]]

    def delete(self, topic: str) -> None:
        self.ids[topic] = None
        for partition in self._partitions([topic]):
            self.logs[partition].clear()

    def create(self, topic: str) -> None:
        """After `delete`."""
        self.ids[topic] = _new_id()

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        async with self.written:
            for record in records:
                number = record.partition if record.partition is not None else self._number(record.key)
                log = self.logs[Partition(record.topic, number)]
                log.append(
                    Record(
                        topic=record.topic,
                        partition=number,
                        offset=len(log),
                        timestamp_ms=int(time.time() * 1000) if record.timestamp_ms is None else record.timestamp_ms,
                        key=record.key,
                        value=record.value,
                        headers=record.headers,
                    )
                )
            self.written.notify_all()

    def subscription(self, group: str, topics: Collection[str]) -> MemorySubscription:
        return MemorySubscription(self, group, topics)

    def _partitions(self, topics: Collection[str]) -> list[Partition]:
        return [Partition(topic, number) for topic in sorted(topics) for number in range(self._count)]

    def _number(self, key: bytes | None) -> int:
        return zlib.crc32(key or b"") % self._count

    async def rebalance(self, group: str) -> None:
        async with self._rebalancing:
            members = list(self.members[group])
            shares: list[list[Partition]] = [[] for _ in members]
            topics = {topic for member in members for topic in member.topics}
            for index, partition in enumerate(self._partitions(topics)):
                shares[index % len(members)].append(partition)
            for member, share in zip(members, shares, strict=True):
                await member.keep_only(share)
            for member, share in zip(members, shares, strict=True):
                await member.take(share)


def _new_id() -> LogId:
    return LogId(uuid4())


class MemorySubscription:
    """A group member on a `MemoryBroker`."""

    def __init__(self, broker: MemoryBroker, group: str, topics: Collection[str]) -> None:
        self.topics = frozenset(topics)
        self._broker = broker
        self._group = group
        self._fetched: dict[Partition, int] = {}

    async def start(self, *, assigned: PartitionsChanged, revoked: PartitionsChanged) -> None:
        self._assigned, self._revoked = assigned, revoked
        self._broker.members[self._group].append(self)
        await self._broker.rebalance(self._group)

    async def logs(self) -> Mapping[str, LogId | None]:
        return {topic: self._broker.ids[topic] for topic in self.topics}

    async def extent(self, partition: Partition) -> Extent:
        return Extent(0, len(self._broker.logs[partition]))

    def seek(self, partition: Partition, offset: int) -> None:
        self._require([partition], "seek")
        self._fetched[partition] = offset

    async def poll(self, partition: Partition, *, max_records: int, seconds: float) -> Sequence[Record]:
        log = self._broker.logs[partition]
        try:
            async with asyncio.timeout(seconds), self._broker.written:
                await self._broker.written.wait_for(lambda: len(log) > self._fetched.get(partition, 0))
        except TimeoutError:
            return []
        start = self._fetched.get(partition, 0)
        records = log[start : start + max_records]
        self._fetched[partition] = start + len(records)
        return records

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        self._require(offsets, "commit")
        self._broker.offsets.update({(self._group, partition): offset for partition, offset in offsets.items()})

    def lag(self, partition: Partition, next_offset: int) -> int | None:
        return len(self._broker.logs[partition]) - next_offset

    async def stop(self) -> None:
        members = self._broker.members[self._group]
        if self in members:
            members.remove(self)
            self._fetched.clear()
            await self._broker.rebalance(self._group)

    def _require(self, partitions: Collection[Partition], wish: str) -> None:
        if lost := [str(partition) for partition in partitions if partition not in self._fetched]:
            raise OSError(f"{wish} refused: {', '.join(lost)} belong to another member")

    async def keep_only(self, share: Collection[Partition]) -> None:
        lost = [partition for partition in self._fetched if partition not in share]
        if lost:
            await self._revoked(lost)
        for partition in lost:
            del self._fetched[partition]

    async def take(self, share: Collection[Partition]) -> None:
        new = [partition for partition in share if partition not in self._fetched]
        for partition in new:
            self._fetched[partition] = self._broker.offsets.get((self._group, partition), 0)
        await self._assigned(new)

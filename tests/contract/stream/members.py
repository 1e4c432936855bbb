"""A group member that keeps what it is told and reads what it is given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable
from typing import Any

from autodev.events.record import Record
from autodev.stream.ports import Partition, Subscription
from tests.contract.stream.waiting import PATIENCE, eventually

POLL_SECONDS = 0.05


class Member:
    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self.partitions: set[Partition] = set()
        self.told = 0
        """How often it was told its partitions."""
        self.draining = asyncio.Event()
        """Set while `revoked` waits for `drained`."""
        self.drained = asyncio.Event()
        self.drained.set()

    async def join(self) -> None:
        await self.subscription.start(assigned=self._assigned, revoked=self._revoked)

    async def holds(self, count: int) -> None:
        """Wait until it has exactly `count` partitions."""
        await eventually(lambda: self.told > 0 and len(self.partitions) == count)

    async def read(self, count: int) -> list[Record]:
        """The next `count` records of its partitions, and no more than arrive with them."""
        found: list[Record] = []
        async with asyncio.timeout(PATIENCE):
            while len(found) < count:
                found += await self.read_for(POLL_SECONDS)
        return found

    async def read_for(self, seconds: float) -> list[Record]:
        polls = [
            self.subscription.poll(partition, max_records=100, seconds=seconds) for partition in sorted(self.partitions)
        ]
        return [record for records in await asyncio.gather(*polls) for record in records]

    async def commit(self, records: Iterable[Record]) -> None:
        ends = {Partition(record.topic, record.partition): record.offset + 1 for record in records}
        await self.subscription.commit(ends)

    async def leave(self) -> None:
        self.partitions.clear()
        await self.subscription.stop()

    async def _assigned(self, partitions: Collection[Partition]) -> None:
        self.told += 1
        self.partitions.update(partitions)

    async def _revoked(self, partitions: Collection[Partition]) -> None:
        self.draining.set()
        await self.drained.wait()
        self.partitions.difference_update(partitions)
        self.draining.clear()


Join = Callable[[str], Coroutine[Any, Any, Member]]
"""Makes a started member of the named group."""

"""Where the time goes: the runtime's ports, each with a clock beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.record import OutgoingRecord, Record
from autodev.stream.emission import Emission
from autodev.stream.handler import BatchHandler
from autodev.stream.ports import Partition, Publisher, Subscription
from autodev.stream.postgres.ledger import PostgresLedger, PostgresTransaction


@dataclass
class Stopwatch:
    """Seconds by stage. Stages may lie within each other; each keeps only what no inner one took."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _inner: list[float] = field(default_factory=list)

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Add the time of the block to `stage`. For one task at a time."""
        self._inner.append(0.0)
        began = perf_counter()
        try:
            yield
        finally:
            took = perf_counter() - began
            self.seconds[stage] += took - self._inner.pop()
            if self._inner:
                self._inner[-1] += took


@dataclass(frozen=True)
class TimedSubscription:
    subscription: Subscription
    watch: Stopwatch

    async def poll(self, partition: Partition, *, max_records: int, seconds: float) -> Sequence[Record]:
        with self.watch.measure("poll"):
            return await self.subscription.poll(partition, max_records=max_records, seconds=seconds)


@dataclass(frozen=True)
class TimedLedger:
    ledger: PostgresLedger
    watch: Stopwatch

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[TimedTransaction]:
        entered = self.ledger.begin()
        with self.watch.measure("begin and commit"):
            transaction = await entered.__aenter__()
        try:
            yield TimedTransaction(transaction, self.watch)
        except BaseException as error:
            await entered.__aexit__(type(error), error, error.__traceback__)
            raise
        with self.watch.measure("begin and commit"):
            await entered.__aexit__(None, None, None)


@dataclass(frozen=True)
class TimedTransaction:
    transaction: PostgresTransaction
    watch: Stopwatch

    @property
    def store(self) -> AsyncConnection:
        return self.transaction.store

    async def position(self, group: str, partition: Partition) -> int | None:
        with self.watch.measure("position"):
            return await self.transaction.position(group, partition)

    async def advance(self, group: str, partition: Partition, *, expected: int | None, following: int) -> None:
        with self.watch.measure("position"):
            await self.transaction.advance(group, partition, expected=expected, following=following)

    async def admit(self, group: str, events: Sequence[Event[Any]]) -> Sequence[Event[Any]]:
        with self.watch.measure("inbox"):
            return await self.transaction.admit(group, events)

    async def enqueue(self, records: Sequence[OutgoingRecord]) -> None:
        with self.watch.measure("outbox"):
            await self.transaction.enqueue(records)


@dataclass(frozen=True)
class TimedPublisher:
    publisher: Publisher
    watch: Stopwatch

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        with self.watch.measure("relay: publish"):
            await self.publisher.publish(records)


def timed(handler: BatchHandler[AsyncConnection], watch: Stopwatch) -> BatchHandler[AsyncConnection]:
    async def handle(events: Sequence[Event[Any]], store: AsyncConnection) -> Iterable[Emission]:
        with watch.measure("handler"):
            return await handler(events, store)

    return handle

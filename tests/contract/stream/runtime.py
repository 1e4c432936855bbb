"""The whole runtime under test: broker, ledger and relay, in memory or on Kafka and PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from autodev.events.binary import from_record, to_record
from autodev.events.catalogue import EPISODE_RECORDED, LEARNING_REQUESTED, TASK_REPORTED, Topic, dead_letter_topic
from autodev.events.envelope import Event
from autodev.events.record import OutgoingRecord, Record
from autodev.stream.batch import BatchProcessor
from autodev.stream.group import GroupMember
from autodev.stream.handler import BatchHandler
from autodev.stream.limits import DEFAULT_LIMITS, Limits
from autodev.stream.memory.ledger import MemoryLedger
from autodev.stream.ports import Publisher
from autodev.stream.postgres.relay import Relay
from tests.contract.stream import brokers, ledgers
from tests.contract.stream.waiting import eventually, grown

GROUPS = ("first", "second", "third")
TOPICS = (TASK_REPORTED, EPISODE_RECORDED, LEARNING_REQUESTED, *(dead_letter_topic(group) for group in GROUPS))


@dataclass
class Runtime:
    broker: brokers.BrokerUnderTest
    tested: ledgers.LedgerUnderTest
    members: list[GroupMember] = field(default_factory=list)
    limits: Limits = DEFAULT_LIMITS
    failed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a member calls for the end of its process."""

    def processor(self, handler: BatchHandler[Any], group: str = "first") -> BatchProcessor[Any]:
        return BatchProcessor(group, f"/services/{group}", self.tested.ledger, handler, limits=self.limits)

    def member(
        self, handler: BatchHandler[Any], topic: Topic = TASK_REPORTED, group: str = "first", max_records: int = 500
    ) -> GroupMember:
        """A member to be started; it is stopped with the runtime."""
        subscription = self.broker.subscription(group, [topic.name])
        member = GroupMember(subscription, self.processor(handler, group), self.failed.set, max_records)
        self.members.append(member)
        return member

    async def join(
        self, handler: BatchHandler[Any], topic: Topic = TASK_REPORTED, group: str = "first", max_records: int = 500
    ) -> GroupMember:
        """A started member that works; it is stopped with the runtime."""
        member = self.member(handler, topic, group, max_records)
        await member.start()
        await eventually(lambda: member.trouble is None)
        return member

    async def send(self, *sent: Event[Any] | OutgoingRecord) -> None:
        await self.broker.publisher.publish(
            [each if isinstance(each, OutgoingRecord) else to_record(each) for each in sent]
        )

    async def noted(self, count: int) -> list[str]:
        """The committed effects, once there are `count`."""
        return await grown(self.tested.notes, count)

    async def arrived(self, topic: Topic, count: int) -> list[Record]:
        """The records of `topic`, once there are `count`."""
        return await grown(lambda: self.broker.written(topic.name), count)

    async def events(self, topic: Topic, count: int) -> list[Event[Any]]:
        return [from_record(record) for record in await self.arrived(topic, count)]

    async def stop(self) -> None:
        for member in self.members:
            await member.stop()


@asynccontextmanager
async def in_memory() -> AsyncIterator[Runtime]:
    broker, tested = brokers.InMemory(), ledgers.InMemory()
    async with running(_relay(tested.ledger, broker.publisher)):
        runtime = Runtime(broker, tested)
        try:
            yield runtime
        finally:
            await runtime.stop()


@asynccontextmanager
async def on_servers(bootstrap: str, database_url: str, topics: Sequence[Topic] = TOPICS) -> AsyncIterator[Runtime]:
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(brokers.on_kafka(bootstrap, topics))
        tested = await stack.enter_async_context(ledgers.on_postgres(database_url))
        relay = Relay(database_url, ledgers.SCHEMA, broker.publisher)
        await stack.enter_async_context(running(relay.run()))
        runtime = Runtime(broker, tested)
        try:
            yield runtime
        finally:
            await runtime.stop()


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """`work` in the background, cancelled at the end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _relay(ledger: MemoryLedger, publisher: Publisher) -> None:
    while True:
        taken = list(ledger.outbox)
        await publisher.publish(taken)
        del ledger.outbox[: len(taken)]
        await asyncio.sleep(0.001)

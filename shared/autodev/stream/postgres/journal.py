"""A ledger that writes down the order of its transactions, for services whose tables depend on it.

Offsets order the records of one partition. Between partitions only the database knew which came first; the journal
says it on a topic, through the same outbox, so it is there if and only if the transaction's effects are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.binary import to_record
from autodev.events.catalogue import type_of
from autodev.events.envelope import Event
from autodev.events.models.base import EventData
from autodev.events.models.journal import InputHandled
from autodev.events.record import OutgoingRecord
from autodev.ids import EventId, derived_id
from autodev.stream.clock import now, one_moment, transaction_time
from autodev.stream.limits import Outcomes
from autodev.stream.ports import LogId, Partition
from autodev.stream.postgres.ledger import PostgresLedger, PostgresTransaction


@dataclass(frozen=True)
class JournaledLedger(PostgresLedger):
    """Its transactions have one clock, and each that moves a position is journaled."""

    clock: Callable[[], datetime] = now

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PostgresTransaction]:
        async with super().begin() as transaction:
            with one_moment(self.clock):
                yield transaction

    def transaction(self, connection: AsyncConnection, enqueued: list[int]) -> PostgresTransaction:
        return JournaledTransaction(connection, self.schema, self.handover, enqueued)


@dataclass(frozen=True)
class JournaledTransaction(PostgresTransaction):
    async def advance(
        self,
        group: str,
        partition: Partition,
        *,
        expected: int | None,
        following: int,
        outcomes: Outcomes | None = None,
        log: LogId | None = None,
    ) -> None:
        await super().advance(group, partition, expected=expected, following=following, outcomes=outcomes, log=log)
        handled = InputHandled(
            service=group,
            topic=partition.topic,
            partition=partition.number,
            first=expected or 0,
            following=following,
            handled_at=transaction_time(),
        )
        # Whoever else may take the same records: one alone gets past the position that they begin at.
        await self.enqueue([entry(handled, group, "handled", str(partition), following)])


def entry(data: EventData, service: str, *identity: str | int) -> OutgoingRecord:
    """The record of one journal entry; the same `identity` makes the same entry."""
    event = Event(
        id=EventId(derived_id("journal", service, *identity)),
        source=f"/services/{service}",
        type=type_of(data),
        time=transaction_time(),
        key=data.record_key(),
        data=data,
    )
    return to_record(event)

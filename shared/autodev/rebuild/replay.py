"""A ledger for records that were handled before: effects and inbox are written, positions and outbox are not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.base import utc_now
from autodev.events.record import OutgoingRecord
from autodev.rebuild.outputs import Outputs
from autodev.stream.clock import taking_place_at
from autodev.stream.limits import Outcomes
from autodev.stream.ports import LogId, Partition, Progress
from autodev.stream.postgres.ledger import PostgresTransaction


@dataclass
class ReplayLedger:
    """Its transactions are savepoints of one that somebody else commits, and take place when they first did."""

    connection: AsyncConnection
    schema: str
    outputs: Outputs
    at: datetime = field(default_factory=utc_now)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[ReplayTransaction]:
        transaction = ReplayTransaction(self.connection, self.schema)
        async with self.connection.begin_nested():
            with taking_place_at(self.at):
                yield transaction
        await self.outputs.take(transaction.emitted)


@dataclass(frozen=True)
class ReplayTransaction(PostgresTransaction):
    emitted: list[OutgoingRecord] = field(default_factory=list)

    async def progress(self, group: str, partition: Partition) -> Progress:  # noqa: ARG002 - the port's signature
        return Progress()

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
        pass

    async def enqueue(self, records: Sequence[OutgoingRecord]) -> None:
        self.emitted.extend(records)

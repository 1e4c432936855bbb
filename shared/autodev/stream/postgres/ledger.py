"""Inbox, outbox and positions of one service, in one PostgreSQL transaction with its effects."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autodev.events.record import OutgoingRecord
from autodev.stream.admission import Admission, Arrival
from autodev.stream.limits import Outcomes
from autodev.stream.ports import FencedError, LogId, Partition, Progress
from autodev.stream.postgres import inbox, outbox
from autodev.stream.postgres.handover import Handover


@dataclass(frozen=True)
class PostgresLedger:
    """`schema` is a service's own; its name comes from code, never from input."""

    engine: AsyncEngine
    schema: str
    handover: Handover = field(default_factory=Handover)
    """Shared with the relay of this process, if there is one."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PostgresTransaction]:
        enqueued: list[int] = []
        try:
            async with self.engine.begin() as connection:
                yield self.transaction(connection, enqueued)
        except BaseException:
            self.handover.forget(enqueued)
            raise

    def transaction(self, connection: AsyncConnection, enqueued: list[int]) -> PostgresTransaction:
        """On an open one of `connection`; the `seq` of what it enqueues is added to `enqueued`."""
        return PostgresTransaction(connection, self.schema, self.handover, enqueued)


@dataclass(frozen=True)
class PostgresTransaction:
    store: AsyncConnection
    schema: str
    handover: Handover = field(default_factory=Handover)
    enqueued: list[int] = field(default_factory=list)

    async def position(self, group: str, partition: Partition) -> int | None:
        return (await self.progress(group, partition)).position

    async def progress(self, group: str, partition: Partition) -> Progress:
        # No row lock: a paused process would hold it for ever. `advance` finds out who was first.
        found = await self.store.execute(_finding(self.schema), _names(group, partition))
        row = found.one_or_none()
        return Progress() if row is None else Progress(row.next_offset, Outcomes.unpack(row.outcomes), row.log_id)

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
        statement = _beginning(self.schema) if expected is None else _advancing(self.schema)
        values = {"following": following, "outcomes": outcomes.pack() if outcomes is not None else None, "log": log}
        done = await self.store.execute(
            statement,
            {**_names(group, partition), **values} | ({} if expected is None else {"expected": expected}),
        )
        if done.rowcount != 1:
            raise FencedError(f"position of {partition} in group {group} is no longer {expected}")

    async def admit(self, group: str, arrivals: Sequence[Arrival]) -> Admission:
        return await inbox.admit(self.store, self.schema, group, arrivals)

    async def enqueue(self, records: Sequence[OutgoingRecord]) -> None:
        rows = await outbox.enqueue(self.store, self.schema, records)
        self.enqueued.extend(rows)
        self.handover.keep(rows, records)


@cache
def _finding(schema: str) -> TextClause:
    return text(
        f"SELECT next_offset, outcomes, log_id FROM {schema}.position"  # noqa: S608
        " WHERE consumer_group = :group AND topic = :topic AND partition = :number"
    )


@cache
def _beginning(schema: str) -> TextClause:
    return text(
        f"INSERT INTO {schema}.position (consumer_group, topic, partition, next_offset, outcomes, log_id)"  # noqa: S608
        " VALUES (:group, :topic, :number, :following, :outcomes, :log) ON CONFLICT DO NOTHING"
    )


@cache
def _advancing(schema: str) -> TextClause:
    return text(
        f"UPDATE {schema}.position"  # noqa: S608
        " SET next_offset = :following, outcomes = coalesce(CAST(:outcomes AS bytea), outcomes),"
        " log_id = coalesce(log_id, CAST(:log AS uuid))"
        " WHERE consumer_group = :group AND topic = :topic AND partition = :number AND next_offset = :expected"
    )


def _names(group: str, partition: Partition) -> dict[str, Any]:
    return {"group": group, "topic": partition.topic, "number": partition.number}

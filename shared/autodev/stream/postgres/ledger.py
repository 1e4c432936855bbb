"""Inbox, outbox and positions of one service, in one PostgreSQL transaction with its effects."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autodev.events.envelope import Event
from autodev.events.record import OutgoingRecord
from autodev.stream.ports import FencedError, Partition
from autodev.stream.postgres import outbox


@dataclass(frozen=True)
class PostgresLedger:
    """`schema` is a service's own; its name comes from code, never from input."""

    engine: AsyncEngine
    schema: str

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PostgresTransaction]:
        async with self.engine.begin() as connection:
            yield PostgresTransaction(connection, self.schema)


@dataclass(frozen=True)
class PostgresTransaction:
    store: AsyncConnection
    schema: str

    async def position(self, group: str, partition: Partition) -> int | None:
        # No row lock: a paused process would hold it for ever. `advance` finds out who was first.
        found = await self.store.execute(
            text(
                f"SELECT next_offset FROM {self.schema}.position"  # noqa: S608
                " WHERE consumer_group = :group AND topic = :topic AND partition = :number"
            ),
            _names(group, partition),
        )
        return found.scalar_one_or_none()

    async def advance(self, group: str, partition: Partition, *, expected: int | None, following: int) -> None:
        if expected is None:
            statement = (
                f"INSERT INTO {self.schema}.position (consumer_group, topic, partition, next_offset)"  # noqa: S608
                " VALUES (:group, :topic, :number, :following) ON CONFLICT DO NOTHING"
            )
        else:
            statement = (
                f"UPDATE {self.schema}.position SET next_offset = :following"  # noqa: S608
                " WHERE consumer_group = :group AND topic = :topic AND partition = :number AND next_offset = :expected"
            )
        done = await self.store.execute(
            text(statement),
            {**_names(group, partition), "following": following} | ({} if expected is None else {"expected": expected}),
        )
        if done.rowcount != 1:
            raise FencedError(f"position of {partition} in group {group} is no longer {expected}")

    async def admit(self, group: str, events: Sequence[Event[Any]]) -> Sequence[Event[Any]]:
        if not events:
            return []
        admitted = await self.store.execute(
            text(
                f"INSERT INTO {self.schema}.inbox (consumer_group, source, id)"  # noqa: S608
                " SELECT :group, * FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[]))"
                " ON CONFLICT DO NOTHING RETURNING source, id"
            ),
            {"group": group, "sources": [event.source for event in events], "ids": [event.id for event in events]},
        )
        new = {(source, id_) for source, id_ in admitted}
        taken = []
        for event in events:
            if (event.source, event.id) in new:
                new.discard((event.source, event.id))
                taken.append(event)
        return taken

    async def enqueue(self, records: Sequence[OutgoingRecord]) -> None:
        await outbox.enqueue(self.store, self.schema, records)


def _names(group: str, partition: Partition) -> dict[str, Any]:
    return {"group": group, "topic": partition.topic, "number": partition.number}

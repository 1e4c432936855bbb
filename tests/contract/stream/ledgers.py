"""The ledgers under test, each with an effect that a handler can have: a note."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from pydantic import SecretStr
from sqlalchemy import Column, Identity, Integer, Table, Text, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.record import OutgoingRecord
from autodev.service.database import create_engine
from autodev.service.settings import DatabaseSettings
from autodev.stream.memory.ledger import MemoryLedger, Store
from autodev.stream.ports import Ledger
from autodev.stream.postgres.ledger import PostgresLedger
from autodev.stream.postgres.outbox import from_row
from autodev.stream.postgres.tables import service_metadata

SCHEMA = "ingestion"
"""A real service's name: how long the inbox is kept follows from what that service reads."""
METADATA = service_metadata(SCHEMA)
NOTE = Table("note", METADATA, Column("seq", Integer, Identity(), primary_key=True), Column("text", Text))


class LedgerUnderTest(Protocol):
    @property
    def ledger(self) -> Ledger[Any]: ...

    async def note(self, store: Any, words: str) -> None:
        """An effect within an open transaction."""

    async def notes(self) -> list[str]:
        """The effects that were committed, in order."""

    async def outbox(self) -> list[OutgoingRecord]:
        """The records that were committed for the relay, in order."""


class InMemory:
    def __init__(self) -> None:
        self.ledger = MemoryLedger()

    async def note(self, store: Store, words: str) -> None:
        store.setdefault("notes", []).append(words)

    async def notes(self) -> list[str]:
        return list(self.ledger.store.get("notes", []))

    async def outbox(self) -> list[OutgoingRecord]:
        return list(self.ledger.outbox)


class OnPostgres:
    def __init__(self, ledger: PostgresLedger) -> None:
        self.ledger = ledger

    async def note(self, store: AsyncConnection, words: str) -> None:
        await store.execute(insert(NOTE).values(text=words))

    async def notes(self) -> list[str]:
        async with self.ledger.engine.connect() as connection:
            return list(await connection.scalars(select(NOTE.c.text).order_by(NOTE.c.seq)))

    async def outbox(self) -> list[OutgoingRecord]:
        rows = METADATA.tables[f"{SCHEMA}.outbox"]
        async with self.ledger.engine.connect() as connection:
            return [from_row(row) for row in (await connection.execute(select(rows).order_by(rows.c.seq))).mappings()]


@asynccontextmanager
async def on_postgres(database_url: str) -> AsyncIterator[OnPostgres]:
    """The runtime's tables in an empty database."""
    engine = create_engine(DatabaseSettings(url=SecretStr(database_url)), SCHEMA)
    async with engine.begin() as connection:
        await connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        await connection.run_sync(METADATA.create_all)
    try:
        yield OnPostgres(PostgresLedger(engine, SCHEMA))
    finally:
        await engine.dispose()

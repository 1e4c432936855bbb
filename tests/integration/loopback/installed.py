"""One service on a real database, fed as the runtime feeds it: records in, one transaction a batch, records out."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autodev.events.binary import from_record, to_record
from autodev.events.catalogue import dead_letter_topic
from autodev.events.envelope import Event
from autodev.events.record import OutgoingRecord, Record
from autodev.service.database import create_engine
from autodev.service.migrations import history
from autodev.service.settings import DatabaseSettings
from autodev.stream.batch import BatchProcessor
from autodev.stream.handler import BatchHandler
from autodev.stream.ports import Partition
from autodev.stream.postgres.ledger import PostgresLedger
from autodev.stream.postgres.outbox import from_row
from autodev.stream.reading import accept
from deploy.local.postgres.databases import create_database, drop_database


@contextmanager
def database_of(server_url: str, template: str) -> Iterator[str]:
    """URL of a copy of `template`, dropped at the end."""
    name = f"test_{uuid4().hex}"
    yield create_database(server_url, name, template=template)
    drop_database(server_url, name)


async def migrate(database_url: str, *services: str) -> None:
    engine = create_engine(DatabaseSettings(url=SecretStr(database_url)), "migrations")
    for service in services:
        await history.upgrade(engine, service)
    await engine.dispose()


@dataclass
class Installed:
    """A service whose partitions hold whatever a test delivers."""

    name: str
    engine: AsyncEngine
    processor: BatchProcessor[AsyncConnection]
    _offsets: Counter[tuple[str, int]] = field(default_factory=Counter)
    _published: int = 0

    async def take(self, *events: Event[Any]) -> list[Event[Any]]:
        """Deliver `events` of one topic in one batch; return what the service publishes because of it."""
        await self.deliver(*events)
        return await self.publications()

    async def deliver(self, *events: Event[Any], partition: int = 0) -> None:
        records = [self._record(to_record(event), partition) for event in events]
        await self.processor.process(Partition(records[0].topic, partition), records)

    async def publications(self) -> list[Event[Any]]:
        """What was put into the outbox since the last look, in order. A dead letter fails the test."""
        events = []
        for number, record in enumerate(await self.outbox()):
            assert record.topic != dead_letter_topic(self.name).name, dict(record.headers)["dlq-error-message"]
            events.append(from_record(_as_read(record, number)))
        return events

    async def outbox(self) -> list[OutgoingRecord]:
        async with self.engine.connect() as connection:
            found = await connection.execute(
                text(f"SELECT * FROM {self.name}.outbox WHERE seq > :seen ORDER BY seq"), {"seen": self._published}
            )
            rows = found.mappings().all()
        self._published = rows[-1]["seq"] if rows else self._published
        return [from_row(row) for row in rows]

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    def _record(self, record: OutgoingRecord, partition: int) -> Record:
        offset = self._offsets[record.topic, partition]
        self._offsets[record.topic, partition] += 1
        return _as_read(record, offset, partition)


@asynccontextmanager
async def installed(
    name: str,
    handler: BatchHandler[AsyncConnection],
    database_url: str,
    check: Callable[[Event[Any]], None] = accept,
) -> AsyncIterator[Installed]:
    """Service `name` on a database that is migrated for it."""
    engine = create_engine(DatabaseSettings(url=SecretStr(database_url)), name)
    ledger = PostgresLedger(engine, name)
    yield Installed(name, engine, BatchProcessor(name, f"/services/{name}", ledger, handler, check))
    await engine.dispose()


def _as_read(record: OutgoingRecord, offset: int, partition: int = 0) -> Record:
    return Record(record.topic, partition, offset, record.timestamp_ms or 0, record.key, record.value, record.headers)

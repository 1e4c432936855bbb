"""A database with an outbox and the broker its letters go to, for tests of the relay between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import text

from autodev.events.record import OutgoingRecord, Record
from autodev.stream.ports import Publisher
from autodev.stream.postgres.handover import Handover
from autodev.stream.postgres.published import waiting
from autodev.stream.postgres.relay import Relay
from tests.contract.stream.brokers import LETTERS, OnKafka, on_kafka
from tests.contract.stream.ledgers import SCHEMA, OnPostgres, on_postgres
from tests.contract.stream.waiting import PATIENCE, grown


@dataclass
class Office:
    database_url: str
    tested: OnPostgres
    broker: OnKafka
    hands_over: bool = False
    """Whether its relays run where its letters are posted, as in a service, or somewhere else."""

    def relay(self, publisher: Publisher | None = None) -> Relay:
        handover = self.tested.ledger.handover if self.hands_over else Handover()
        return Relay(self.database_url, SCHEMA, publisher or self.broker.publisher, handover)

    async def post(self, *letters: OutgoingRecord) -> None:
        async with self.tested.ledger.begin() as transaction:
            await transaction.enqueue(letters)

    async def delivered(self, count: int) -> list[Record]:
        return await grown(lambda: self.broker.written(LETTERS.name), count)

    async def waiting(self) -> int:
        """Rows that are not marked as published."""
        async with self.tested.ledger.engine.connect() as connection:
            query = text(f"SELECT count(*) FROM {waiting(SCHEMA)}")
            return int((await connection.execute(query)).scalar_one())

    async def all_marked(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while await self.waiting():  # noqa: ASYNC110 - the database sets no event
                await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(kafka_bootstrap: str, database_url: str, *, hands_over: bool = False) -> AsyncIterator[Office]:
    async with on_kafka(kafka_bootstrap, [LETTERS]) as broker, on_postgres(database_url) as tested:
        yield Office(database_url, tested, broker, hands_over)


def letter(number: int) -> OutgoingRecord:
    return OutgoingRecord(LETTERS.name, b"anna", str(number).encode(), (("ce_id", f"id-{number}".encode()),))


def numbers(records: Sequence[Record]) -> list[int]:
    return [int(record.value or b"") for record in records]


def first_appearances(records: Sequence[Record]) -> list[int]:
    return list(dict.fromkeys(numbers(records)))

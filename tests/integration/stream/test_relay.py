"""The relay on a real broker and a real database, in quiet times and in bad ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from autodev.events.record import OutgoingRecord
from autodev.stream.ports import Publisher
from tests.contract.stream.ledgers import SCHEMA
from tests.contract.stream.runtime import running
from tests.integration.stream.office import Office, letter, numbers, opened

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@dataclass
class Counting:
    """A publisher that counts what passes through it, and may fail after it has published."""

    publisher: Publisher
    published: int = 0
    crashes: list[Exception] = field(default_factory=list)

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        await self.publisher.publish(records)
        self.published += len(records)
        if self.crashes:
            raise self.crashes.pop()


@pytest.fixture
async def office(kafka_bootstrap: str, database_url: str) -> AsyncIterator[Office]:
    async with opened(kafka_bootstrap, database_url) as office:
        yield office


async def test_rows_are_published_in_their_order_and_marked(office: Office) -> None:
    for start in range(0, 1_200, 400):
        await office.post(*map(letter, range(start, start + 400)))
    async with running(office.relay().run()):
        assert numbers(await office.delivered(1_200)) == list(range(1_200))
        await office.all_marked()


async def test_what_is_posted_while_it_publishes_is_not_overlooked(office: Office) -> None:
    async with running(office.relay().run()):
        for number in range(100):
            await office.post(letter(number))
        assert numbers(await office.delivered(100)) == list(range(100))
        await office.all_marked()


async def test_a_row_that_nobody_was_notified_of_goes_out_all_the_same(office: Office) -> None:
    async with running(office.relay().run()):
        await office.post(letter(0))
        await office.all_marked()
        async with office.tested.ledger.engine.begin() as connection:
            await connection.execute(text(f"UPDATE {SCHEMA}.outbox SET published_at = NULL"))
        assert numbers(await office.delivered(2)) == [0, 0]


async def test_what_was_rolled_back_is_never_published(office: Office) -> None:
    async with running(office.relay().run()):
        async with office.tested.ledger.engine.connect() as connection:
            await connection.execute(text(f"NOTIFY {SCHEMA}_outbox"))
            await connection.rollback()
        await office.post(letter(1))
        assert numbers(await office.delivered(1)) == [1]


async def test_of_two_relays_one_publishes_and_the_other_takes_over(office: Office) -> None:
    first, second = Counting(office.broker.publisher), Counting(office.broker.publisher)
    async with running(office.relay(second).run()):
        await office.post(letter(0))
        await office.all_marked()
        async with running(office.relay(first).run()):
            for number in range(1, 20):
                await office.post(letter(number))
            await office.all_marked()
            assert (first.published, second.published) == (0, 20)
            relays = await _advisory_locks(office)
            assert relays == {True: 1, False: 1}
    async with running(office.relay(first).run()):
        await office.post(letter(20))
        assert numbers(await office.delivered(21)) == list(range(21))
    assert first.published == 1


async def test_after_a_crash_between_publishing_and_marking_the_same_ids_go_out_again(office: Office) -> None:
    crashing = Counting(office.broker.publisher, crashes=[RuntimeError("killed")])
    await office.post(letter(0), letter(1))
    relay = office.relay(crashing)
    async with running(relay.run()):
        delivered = await office.delivered(4)
        await office.all_marked()
    assert [dict(record.headers)["ce_id"] for record in delivered] == [b"id-0", b"id-1", b"id-0", b"id-1"]
    assert relay.trouble is None


async def test_old_rows_are_swept_and_new_ones_kept(office: Office) -> None:
    await office.post(letter(0), letter(1))
    async with running(office.relay().run()):
        await office.all_marked()
    async with office.tested.ledger.engine.begin() as connection:
        await connection.execute(
            text(f"UPDATE {SCHEMA}.outbox SET published_at = now() - interval '2 days' WHERE payload = '0'")
        )
        await connection.execute(
            text(
                f"INSERT INTO {SCHEMA}.inbox VALUES"
                " ('group', 'source', 'old', now() - interval '30 days'), ('group', 'source', 'new', now())"
            )
        )
    async with running(office.relay().run()):
        await office.post(letter(2))
        await office.all_marked()
        async with asyncio.timeout(10):
            while await _handled(office) != ["new"]:  # noqa: ASYNC110 - the database sets no event
                await asyncio.sleep(0.05)
    assert [each.value for each in await office.tested.outbox()] == [b"1", b"2"]


async def _handled(office: Office) -> list[str]:
    """Ids that the inbox remembers."""
    async with office.tested.ledger.engine.connect() as connection:
        return list(await connection.scalars(text(f"SELECT id FROM {SCHEMA}.inbox")))


async def _advisory_locks(office: Office) -> dict[bool, int]:
    """Granted or not → how many."""
    query = """
        SELECT granted, count(*) AS members FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE locktype = 'advisory' AND datname = current_database() GROUP BY granted
    """
    async with office.tested.ledger.engine.connect() as connection:
        return {row.granted: row.members for row in await connection.execute(text(query))}

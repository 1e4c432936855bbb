"""The relay on a real broker and a real database, in quiet times and in bad ones."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import text

from autodev.events.record import OutgoingRecord
from autodev.stream.ports import Publisher
from autodev.stream.postgres import relay
from autodev.stream.postgres.ledger import PostgresLedger
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


@pytest.fixture(params=[False, True], ids=["read-back", "handed-over"])
async def office(request: pytest.FixtureRequest, kafka_bootstrap: str, database_url: str) -> AsyncIterator[Office]:
    async with opened(kafka_bootstrap, database_url, hands_over=request.param) as office:
        yield office


async def test_rows_are_published_in_their_order_and_marked(office: Office) -> None:
    for start in range(0, 1_200, 400):
        await office.post(*map(letter, range(start, start + 400)))
    async with running(office.relay().run()):
        assert numbers(await office.delivered(1_200)) == list(range(1_200))
        await office.all_marked()


async def test_rows_are_loaded_by_their_bytes_however_few_that_are(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "BATCH_BYTES", 2_500)
    sizes: list[int] = []

    class Noting(Counting):
        async def publish(self, records: Sequence[OutgoingRecord]) -> None:
            sizes.append(len(records))
            await super().publish(records)

    large = [replace(letter(number), value=str(number).encode().zfill(1_000)) for number in range(10)]
    await office.post(*large, replace(letter(10), value=b"10".zfill(4_000)), letter(11))
    async with running(office.relay(Noting(office.broker.publisher)).run()):
        assert numbers(await office.delivered(12)) == list(range(12))
        await office.all_marked()
    assert sizes[0] == 3
    assert max(sizes) == 3


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
            await connection.execute(text(f"DELETE FROM {SCHEMA}.published"))
        assert numbers(await office.delivered(2)) == [0, 0]


async def test_letters_of_another_replica_keep_their_places_among_ours(office: Office) -> None:
    another = PostgresLedger(office.tested.ledger.engine, SCHEMA)
    async with running(office.relay().run()):
        for number in range(0, 100, 2):
            await office.post(letter(number))
            async with another.begin() as transaction:
                await transaction.enqueue([letter(number + 1)])
        assert numbers(await office.delivered(100)) == list(range(100))


async def test_a_letter_of_a_transaction_that_failed_is_not_handed_over(office: Office) -> None:
    async with running(office.relay().run()):
        await office.post(letter(0))
        await office.delivered(1)
        with contextlib.suppress(RuntimeError):
            async with office.tested.ledger.begin() as transaction:
                await transaction.enqueue([letter(1)])
                rows = list(transaction.enqueued)
                raise RuntimeError("killed")
        assert office.tested.ledger.handover.among(rows) == {}
        await office.post(letter(2))
        assert numbers(await office.delivered(2)) == [0, 2]


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


async def _advisory_locks(office: Office) -> dict[bool, int]:
    """Granted or not → how many."""
    query = """
        SELECT granted, count(*) AS members FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE locktype = 'advisory' AND datname = current_database() GROUP BY granted
    """
    async with office.tested.ledger.engine.connect() as connection:
        return {row.granted: row.members for row in await connection.execute(text(query))}

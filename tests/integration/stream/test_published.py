"""Which rows of an outbox wait: those that no mark covers, whatever commits late, or never."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autodev.stream.postgres.keepalives import KEEPALIVES
from autodev.stream.postgres.ledger import PostgresLedger
from autodev.stream.postgres.published import RolledBack, forget_what_was_before, mark, waiting
from autodev.stream.postgres.relay import SETTINGS
from tests.contract.stream.ledgers import SCHEMA, OnPostgres
from tests.integration.stream.office import letter

pytestmark = pytest.mark.postgres


@pytest.fixture
async def relay(tested: OnPostgres, database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """The connection of one."""
    connection = await asyncpg.connect(database_url, server_settings=dict(KEEPALIVES))
    yield connection
    await connection.close()


async def post(ledger: PostgresLedger, count: int) -> list[int]:
    async with ledger.begin() as transaction:
        await transaction.enqueue([letter(number) for number in range(count)])
        return list(transaction.enqueued)


async def fail(ledger: PostgresLedger, count: int) -> None:
    with contextlib.suppress(RuntimeError):
        async with ledger.begin() as transaction:
            await transaction.enqueue([letter(number) for number in range(count)])
            raise RuntimeError("rolled back")


async def unpublished(relay: asyncpg.Connection, limit: int | None = None) -> list[int]:
    return [row["seq"] for row in await relay.fetch(f"SELECT seq FROM {waiting(SCHEMA, limit)} ORDER BY seq")]


async def gaps(relay: asyncpg.Connection) -> int:
    """Ranges below the last row that is published, which are looked at each time."""
    ranges = await relay.fetchval(f"SELECT seqs FROM {SCHEMA}.published")
    return len(ranges) - int(ranges[0].lower == 1)


@given(ranges=st.lists(st.lists(st.integers(0, 19), min_size=1, unique=True), max_size=6), limit=st.integers(1, 25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_rows_that_wait_are_those_that_no_mark_covers(
    tested: OnPostgres, relay: asyncpg.Connection, ranges: list[list[int]], limit: int
) -> None:
    await relay.execute(f"DELETE FROM {SCHEMA}.outbox")
    await relay.execute(f"DELETE FROM {SCHEMA}.published")
    rows = await post(tested.ledger, 20)
    for indices in ranges:
        await mark(relay, SCHEMA, [rows[index] for index in indices])
    covered = {rows[index] for indices in ranges for index in indices}
    left = [row for row in rows if row not in covered]
    assert await unpublished(relay) == left
    assert await unpublished(relay, limit) == left[:limit]


async def test_a_row_that_commits_after_later_ones_are_published_waits_for_its_turn(
    tested: OnPostgres, relay: asyncpg.Connection
) -> None:
    async with tested.ledger.begin() as slow:
        await slow.enqueue([letter(0)])
        await mark(relay, SCHEMA, await post(tested.ledger, 3))
        assert await unpublished(relay) == []
    assert await unpublished(relay) == slow.enqueued


async def test_a_gap_stays_open_for_as_long_as_who_may_fill_it_is_at_work(
    tested: OnPostgres, relay: asyncpg.Connection
) -> None:
    closing = RolledBack(SCHEMA)
    async with tested.ledger.begin() as slow:
        await slow.enqueue([letter(0)])
        await mark(relay, SCHEMA, await post(tested.ledger, 3))
        for _ in range(5):
            await closing.close(relay)
            await post(tested.ledger, 1)
    assert await unpublished(relay, 1) == slow.enqueued


async def test_what_commits_between_two_looks_at_its_gap_is_not_closed_over(
    tested: OnPostgres, relay: asyncpg.Connection
) -> None:
    closing = RolledBack(SCHEMA)
    async with tested.ledger.begin() as slow:
        await slow.enqueue([letter(0)])
        await mark(relay, SCHEMA, await post(tested.ledger, 3))
        await closing.close(relay)
    await closing.close(relay)
    assert await unpublished(relay) == slow.enqueued


async def test_the_gaps_of_rollbacks_are_closed_while_others_are_written(
    tested: OnPostgres, relay: asyncpg.Connection
) -> None:
    closing = RolledBack(SCHEMA)
    await fail(tested.ledger, 2)
    for _ in range(3):
        await mark(relay, SCHEMA, await post(tested.ledger, 2))
        await fail(tested.ledger, 2)
    await mark(relay, SCHEMA, await post(tested.ledger, 1))
    assert await gaps(relay) == 4
    await closing.close(relay)
    async with tested.ledger.begin() as another:
        await another.enqueue([letter(0)])  # it began after the gaps were seen, so none of them is its own
        await closing.close(relay)
        assert await gaps(relay) == 0
    assert await unpublished(relay) == another.enqueued


async def test_nothing_can_be_marked_that_is_not_there_yet(tested: OnPostgres, relay: asyncpg.Connection) -> None:
    await mark(relay, SCHEMA, await post(tested.ledger, 1))
    for marks in ("{}", "{[1,)}"):
        with pytest.raises(asyncpg.CheckViolationError):
            await relay.execute(f"UPDATE {SCHEMA}.published SET seqs = '{marks}'")


async def test_when_the_sequence_was_set_back_what_is_there_goes_out_again(
    tested: OnPostgres, relay: asyncpg.Connection
) -> None:
    await mark(relay, SCHEMA, await post(tested.ledger, 3))
    assert not await forget_what_was_before(relay, SCHEMA)
    await relay.execute(f"TRUNCATE {SCHEMA}.outbox RESTART IDENTITY")
    rows = await post(tested.ledger, 1)
    assert await forget_what_was_before(relay, SCHEMA)
    assert await unpublished(relay) == rows


async def test_what_is_published_is_not_read_to_find_what_is_not(tested: OnPostgres, database_url: str) -> None:
    relay = await asyncpg.connect(database_url, server_settings=dict(SETTINGS))
    try:
        looking = await relay.prepare(f"EXPLAIN (ANALYZE, FORMAT TEXT) SELECT seq FROM {waiting(SCHEMA, 10)}")
        await looking.fetch()  # planned while there was nothing
        await mark(relay, SCHEMA, await post(tested.ledger, 500))
        await post(tested.ledger, 3)
        plan = "\n".join(row[0] for row in await looking.fetch())
    finally:
        await relay.close()
    assert "Index" in plan
    assert "Removed by Filter" not in plan
    assert f"Seq Scan on {SCHEMA}.outbox" not in plan
    assert "Seq Scan on outbox" not in plan


async def test_a_transaction_that_has_only_looked_at_the_outbox_keeps_no_gap_open(
    tested: OnPostgres, relay: asyncpg.Connection
) -> None:
    closing = RolledBack(SCHEMA)
    await fail(tested.ledger, 1)
    await mark(relay, SCHEMA, await post(tested.ledger, 1))
    async with tested.ledger.engine.connect() as reader:
        await reader.exec_driver_sql(f"SELECT count(*) FROM {SCHEMA}.outbox")
        await closing.close(relay)
        await closing.close(relay)
    assert await gaps(relay) == 0

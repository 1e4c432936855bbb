"""What is past its time leaves the tables, the runtime's and the service's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from autodev.stream.admission import Arrival
from autodev.stream.postgres import retention
from autodev.stream.postgres.published import marking
from autodev.stream.postgres.retention import Expiry, Sweeper, inbox_kept
from tests.contract.stream.ledgers import SCHEMA, OnPostgres
from tests.contract.stream.reports import report
from tests.integration.stream.office import letter

pytestmark = pytest.mark.postgres

NOTES = Expiry("note", "CAST(text AS timestamptz)", timedelta(hours=1), condition="seq > 1")


async def left(tested: OnPostgres, table: str) -> int:
    async with tested.ledger.engine.connect() as connection:
        return int((await connection.execute(text(f"SELECT count(*) FROM {SCHEMA}.{table}"))).scalar_one())


async def execute(tested: OnPostgres, statement: str) -> None:
    async with tested.ledger.engine.begin() as connection:
        await connection.execute(text(statement))


async def handle(tested: OnPostgres, count: int) -> None:
    async with tested.ledger.begin() as transaction:
        await transaction.admit("first", [Arrival(report(str(number))) for number in range(count)])


async def test_the_inbox_forgets_what_can_not_come_again(tested: OnPostgres) -> None:
    await handle(tested, 3)
    days = inbox_kept(SCHEMA) / timedelta(days=1)
    await execute(tested, f"UPDATE {SCHEMA}.inbox SET handled_at = now() - interval '{days} days 1 hour'")
    await handle(tested, 2)
    assert await Sweeper(tested.ledger.engine, SCHEMA).sweep()
    assert await left(tested, "inbox") == 2


async def test_the_outbox_keeps_what_is_fresh_and_what_was_never_published(tested: OnPostgres) -> None:
    async with tested.ledger.begin() as transaction:
        await transaction.enqueue([letter(number) for number in range(3)])
        *published, _ = transaction.enqueued
    await execute(tested, marking(SCHEMA, f"ARRAY{published}"))
    old = "CASE payload WHEN '1' THEN now() ELSE now() - interval '2 days' END"
    await execute(tested, f"UPDATE {SCHEMA}.outbox SET created_at = {old}")
    assert await Sweeper(tested.ledger.engine, SCHEMA).sweep()
    assert [each.value for each in await tested.outbox()] == [b"1", b"2"]


async def test_a_services_own_rows_go_when_their_time_and_condition_say_so(tested: OnPostgres) -> None:
    for age in ("3 hours", "2 hours", "1 minute"):
        await execute(tested, f"INSERT INTO {SCHEMA}.note (text) SELECT CAST(now() - interval '{age}' AS text)")
    assert await Sweeper(tested.ledger.engine, SCHEMA, [NOTES]).sweep()
    assert await left(tested, "note") == 2


async def test_a_long_backlog_is_deleted_in_several_transactions(
    tested: OnPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS", 10)
    await handle(tested, 25)
    await execute(tested, f"UPDATE {SCHEMA}.inbox SET handled_at = now() - interval '90 days'")
    sweeper = Sweeper(tested.ledger.engine, SCHEMA)
    assert [await sweeper.sweep() for _ in range(3)] == [False, False, True]
    assert await left(tested, "inbox") == 0


def test_the_inbox_of_a_group_that_nobody_knows_is_kept_as_long_as_any_record() -> None:
    assert inbox_kept("strangers") == timedelta(days=31)

"""One partition on a real database: whatever is delivered, in effect once."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.events.binary import to_record
from autodev.events.catalogue import FAILURE_BATCHED
from autodev.events.envelope import new_event
from autodev.events.models.base import EventData
from autodev.events.models.failure import FailureWindowed
from autodev.events.record import Record
from autodev.service.database import create_engine
from autodev.service.migrations import history
from autodev.service.settings import DatabaseSettings
from autodev.stream.ports import Partition
from autodev.stream.postgres.ledger import PostgresLedger
from services.analysis.consumer.partition import GapError, PartitionReader
from services.analysis.domain.limits import LAST_SECOND
from services.analysis.domain.windows import Windowing
from tests.unit.analysis.failures import CLOSED, NOON, RETENTION, complaint, failure, tick

pytestmark = pytest.mark.postgres

PARTITION = Partition(FAILURE_BATCHED.name, 0)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(DatabaseSettings(url=SecretStr(database_url)), "analysis")
    await history.upgrade(engine, "analysis")
    yield engine
    await engine.dispose()


def reader(engine: AsyncEngine) -> PartitionReader:
    return PartitionReader(PARTITION, "analysis", PostgresLedger(engine, "analysis"), Windowing())


def log(*data: EventData) -> list[Record]:
    """Records from offset 0 on."""
    outgoing = [to_record(new_event(each, source="/test")) for each in data]
    return [
        Record(each.topic, 0, offset, each.timestamp_ms or 0, each.key, each.value, each.headers)
        for offset, each in enumerate(outgoing)
    ]


async def windows(engine: AsyncEngine) -> list[tuple[int, int]]:
    """Count and revision of each window told, in order."""
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT payload FROM analysis.outbox WHERE type LIKE '%failure.windowed%' ORDER BY seq")
        )
        told = [FailureWindowed.read(payload) for (payload,) in rows]
    return [(window.count, window.revision) for window in told]


async def process_each(readers: Sequence[PartitionReader], records: Sequence[Record]) -> None:
    for number, record in enumerate(records):
        await readers[number % len(readers)].process([record])


async def test_what_is_delivered_again_counts_once(engine: AsyncEngine) -> None:
    one, records = reader(engine), log(failure(NOON), failure(NOON + 1), tick(NOON + CLOSED))
    await one.process(records[:2])
    await one.process(records[1:2])
    await one.process([*records, *records[:1]])

    assert await windows(engine) == [(2, 1)]


async def test_an_event_that_was_published_twice_counts_once(engine: AsyncEngine) -> None:
    once, end = failure(NOON), tick(NOON + CLOSED)
    first, last = log(once, end)
    twin = Record(first.topic, 0, 1, first.timestamp_ms, first.key, first.value, first.headers)
    await reader(engine).process(
        [first, twin, Record(last.topic, 0, 2, last.timestamp_ms, last.key, last.value, last.headers)]
    )

    assert await windows(engine) == [(1, 1)]


async def test_a_gap_is_refused_and_what_fills_it_is_taken(engine: AsyncEngine) -> None:
    one, records = reader(engine), log(failure(NOON), failure(NOON + 1), tick(NOON + CLOSED))
    await one.process(records[:1])
    with pytest.raises(GapError, match=r"1 records of .* between the position 1 and offset 2"):
        await one.process(records[2:])
    assert await windows(engine) == []

    await reader(engine).process(records[1:])
    assert await windows(engine) == [(2, 1)]


async def test_a_new_process_goes_on_where_the_last_one_ended(engine: AsyncEngine) -> None:
    records = log(failure(NOON), complaint(NOON, "a b"), complaint(NOON, "a b c"), failure(NOON), tick(NOON + CLOSED))
    for record in records:
        await reader(engine).process([record])

    assert await windows(engine) == [(2, 1), (2, 1)]


async def test_two_processes_that_both_have_the_partition_count_nothing_twice(engine: AsyncEngine) -> None:
    records = log(*(failure(NOON + second) for second in range(20)), tick(NOON + CLOSED))
    one, other = reader(engine), reader(engine)
    await process_each([one, other, other, one], records)
    await other.process(records)

    assert await windows(engine) == [(20, 1)]


async def test_a_late_failure_finds_the_window_that_an_earlier_process_closed(engine: AsyncEngine) -> None:
    records = log(failure(NOON), tick(NOON + CLOSED), failure(NOON + 1), failure(NOON + 2))
    await process_each([reader(engine), reader(engine)], records)

    assert await windows(engine) == [(1, 1), (2, 2), (3, 3)]


async def test_windows_past_their_retention_leave_the_database(engine: AsyncEngine) -> None:
    await reader(engine).process(log(failure(NOON), failure(NOON + 2 * RETENTION, "other"), tick(NOON + 3 * RETENTION)))

    async with engine.connect() as connection:
        kept = await connection.execute(
            text("SELECT (SELECT count(*) FROM analysis.closed_window), (SELECT count(*) FROM analysis.pattern)")
        )
        assert tuple(kept.one()) == (1, 0), "the later one remains"


async def test_what_no_window_can_hold_is_a_dead_letter_and_poisons_none(engine: AsyncEngine) -> None:
    tomorrow = round(time.time()) + 86_400
    absurd = [
        failure(10**18),
        failure(tomorrow),
        failure(NOON, count=10**12),
        failure(NOON, within=10**9),
        tick(10**18),
    ]
    records = log(failure(NOON), *absurd, tick(LAST_SECOND, "acme", "nobody"), failure(NOON + 1), failure(0))
    await reader(engine).process(records)

    assert await windows(engine) == [(1, 1), (2, 2)], "an absurd tick closes a window early, nothing else"
    async with engine.connect() as connection:
        letters = await connection.execute(
            text("SELECT count(*) FROM analysis.outbox WHERE aggregatetype LIKE '%.dlq'")
        )
        clocks = await connection.execute(text("SELECT tenant_id, second FROM analysis.tenant_clock"))
        assert letters.scalar_one() == len(absurd)
        assert [tuple(row) for row in clocks] == [("acme", NOON + CLOSED)]

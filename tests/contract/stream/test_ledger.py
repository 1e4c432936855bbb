"""What the stream runtime relies on from a ledger, be it in memory or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from autodev.events.envelope import Event
from autodev.events.models.base import utc_now
from autodev.events.record import OutgoingRecord
from autodev.stream.admission import Arrival
from autodev.stream.limits import Outcomes
from autodev.stream.ports import FencedError, LogId, Partition, Progress, Transaction
from tests.contract.stream.ledgers import InMemory, LedgerUnderTest, on_postgres
from tests.contract.stream.reports import report

GROUP = "readers"
PARTITION = Partition("letters.v1", 0)


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
async def tested(request: pytest.FixtureRequest) -> AsyncIterator[LedgerUnderTest]:
    if request.param == "memory":
        yield InMemory()
        return
    async with on_postgres(request.getfixturevalue("database_url")) as ledger:
        yield ledger


async def admitted(transaction: Transaction[Any], group: str, *events: Event[Any]) -> list[Event[Any]]:
    """The new ones of `events`."""
    admission = await transaction.admit(group, [Arrival(event) for event in events])
    return list(admission.new)


def record(value: bytes | None) -> OutgoingRecord:
    return OutgoingRecord("replies.v1", b"anna", value)


async def test_effects_inbox_outbox_and_position_commit_together(tested: LedgerUnderTest) -> None:
    event = report("read me")
    async with tested.ledger.begin() as transaction:
        assert await admitted(transaction, GROUP, event) == [event]
        await tested.note(transaction.store, "done")
        await transaction.enqueue([record(b"reply")])
        await transaction.advance(GROUP, PARTITION, expected=None, following=1)
    assert await tested.notes() == ["done"]
    assert await tested.outbox() == [record(b"reply")]
    async with tested.ledger.begin() as transaction:
        assert await transaction.position(GROUP, PARTITION) == 1
        assert await admitted(transaction, GROUP, event) == []


async def test_a_block_that_raises_leaves_nothing(tested: LedgerUnderTest) -> None:
    event = report("read me")

    async def fail_at_the_end() -> None:
        async with tested.ledger.begin() as transaction:
            await admitted(transaction, GROUP, event)
            await tested.note(transaction.store, "half done")
            await transaction.enqueue([record(b"reply")])
            await transaction.advance(GROUP, PARTITION, expected=None, following=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_at_the_end()
    assert await tested.notes() == []
    assert await tested.outbox() == []
    async with tested.ledger.begin() as transaction:
        assert await transaction.position(GROUP, PARTITION) is None
        assert await admitted(transaction, GROUP, event) == [event]


async def test_a_partition_has_no_position_before_its_first_record(tested: LedgerUnderTest) -> None:
    async with tested.ledger.begin() as transaction:
        assert await transaction.position(GROUP, PARTITION) is None


async def test_each_group_topic_and_partition_has_its_own_position(tested: LedgerUnderTest) -> None:
    others = [(GROUP, Partition("letters.v1", 1)), (GROUP, Partition("cards.v1", 0)), ("archivists", PARTITION)]
    async with tested.ledger.begin() as transaction:
        await transaction.advance(GROUP, PARTITION, expected=None, following=7)
        assert [await transaction.position(*other) for other in others] == [None, None, None]


@pytest.mark.parametrize("stale", [None, 3, 6, 8])
async def test_a_position_that_moved_meanwhile_fences(tested: LedgerUnderTest, stale: int | None) -> None:
    async with tested.ledger.begin() as transaction:
        await transaction.advance(GROUP, PARTITION, expected=None, following=7)

    async def come_back_from_the_dead() -> None:
        async with tested.ledger.begin() as transaction:
            await tested.note(transaction.store, "a zombie's work")
            await transaction.advance(GROUP, PARTITION, expected=stale, following=9)

    with pytest.raises(FencedError, match=r"letters\.v1\[0\]"):
        await come_back_from_the_dead()
    assert await tested.notes() == []
    async with tested.ledger.begin() as transaction:
        assert await transaction.position(GROUP, PARTITION) == 7


@pytest.mark.parametrize("start", [None, 7])
async def test_of_two_that_advance_from_the_same_position_one_is_fenced(
    tested: LedgerUnderTest, start: int | None
) -> None:
    if start is not None:
        async with tested.ledger.begin() as transaction:
            await transaction.advance(GROUP, PARTITION, expected=None, following=start)

    async def advance(name: str) -> None:
        async with tested.ledger.begin() as transaction:
            await tested.note(transaction.store, name)
            await transaction.advance(GROUP, PARTITION, expected=start, following=9)

    outcomes = await asyncio.gather(advance("first"), advance("second"), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [FencedError]
    assert len(await tested.notes()) == 1


async def test_transactions_of_different_partitions_do_not_disturb_each_other(tested: LedgerUnderTest) -> None:
    async def work(number: int) -> None:
        partition = Partition("letters.v1", number)
        async with tested.ledger.begin() as transaction:
            position = await transaction.position(GROUP, partition)
            await admitted(transaction, GROUP, report("another"))
            await tested.note(transaction.store, str(number))
            await asyncio.sleep(0.01)
            await transaction.enqueue([record(str(number).encode())])
            await transaction.advance(GROUP, partition, expected=position, following=1)

    await asyncio.gather(*(work(number) for number in range(4)))
    assert sorted(await tested.notes()) == ["0", "1", "2", "3"]
    assert sorted(each.value or b"" for each in await tested.outbox()) == [b"0", b"1", b"2", b"3"]


async def test_what_a_group_has_handled_is_not_admitted_again(tested: LedgerUnderTest) -> None:
    old, new = report("old"), report("new")
    async with tested.ledger.begin() as transaction:
        await admitted(transaction, GROUP, old)
    async with tested.ledger.begin() as transaction:
        assert await admitted(transaction, GROUP, old, new) == [new]
        assert await admitted(transaction, "archivists", old) == [old]


async def test_duplicates_within_a_batch_are_admitted_once_and_in_order(tested: LedgerUnderTest) -> None:
    one, two, three = report("one"), report("two"), report("three")
    async with tested.ledger.begin() as transaction:
        assert await admitted(transaction, GROUP, two, one, two, three, one) == [two, one, three]


async def test_the_same_id_from_another_source_is_another_event(tested: LedgerUnderTest) -> None:
    mine = report("mine")
    theirs = replace(mine, source="/agents/other")
    async with tested.ledger.begin() as transaction:
        assert await admitted(transaction, GROUP, mine, theirs) == [mine, theirs]


async def test_a_known_id_with_other_content_is_a_conflict(tested: LedgerUnderTest) -> None:
    event = report("said")
    async with tested.ledger.begin() as transaction:
        await transaction.admit(GROUP, [Arrival(event, b"digest")])
    async with tested.ledger.begin() as transaction:
        again = await transaction.admit(GROUP, [Arrival(event, b"digest"), Arrival(event, b"other")])
    assert (list(again.new), list(again.conflicting)) == ([], [1])
    assert abs(again.conflicting[1] - utc_now()) < timedelta(minutes=1)


async def test_of_two_contents_under_one_id_in_a_batch_the_first_wins(tested: LedgerUnderTest) -> None:
    event, neighbour = report("said"), report("neighbour")
    async with tested.ledger.begin() as transaction:
        arrivals = [Arrival(event, b"1"), Arrival(event, b"2"), Arrival(event, b"1"), Arrival(neighbour, b"1")]
        admission = await transaction.admit(GROUP, arrivals)
    assert (list(admission.new), list(admission.conflicting)) == ([event, neighbour], [1])
    async with tested.ledger.begin() as transaction:
        assert list((await transaction.admit(GROUP, [Arrival(event, b"2")])).conflicting) == [0]


@pytest.mark.parametrize(("before", "now"), [(None, b"now"), (b"before", None), (None, None)])
async def test_content_that_proves_nothing_is_no_conflict(
    tested: LedgerUnderTest, before: bytes | None, now: bytes | None
) -> None:
    event = report("said")
    async with tested.ledger.begin() as transaction:
        await transaction.admit(GROUP, [Arrival(event, before)])
    async with tested.ledger.begin() as transaction:
        again = await transaction.admit(GROUP, [Arrival(event, now)])
    assert (list(again.new), dict(again.conflicting)) == ([], {})


async def test_outcomes_are_kept_with_the_position(tested: LedgerUnderTest) -> None:
    outcomes = Outcomes().then(given_up=True).then(given_up=False, times=3)
    async with tested.ledger.begin() as transaction:
        assert await transaction.progress(GROUP, PARTITION) == Progress()
        await transaction.advance(GROUP, PARTITION, expected=None, following=4, outcomes=outcomes)
    async with tested.ledger.begin() as transaction:
        assert await transaction.progress(GROUP, PARTITION) == Progress(4, outcomes)
        await transaction.advance(GROUP, PARTITION, expected=4, following=5)
    async with tested.ledger.begin() as transaction:
        assert await transaction.progress(GROUP, PARTITION) == Progress(5, outcomes)


async def test_a_position_keeps_the_first_log_it_is_given(tested: LedgerUnderTest) -> None:
    first, second = LogId(uuid4()), LogId(uuid4())
    async with tested.ledger.begin() as transaction:
        await transaction.advance(GROUP, PARTITION, expected=None, following=1)
    for position, (log, kept) in enumerate([(None, None), (first, first), (second, first), (None, first)], start=1):
        async with tested.ledger.begin() as transaction:
            await transaction.advance(GROUP, PARTITION, expected=position, following=position + 1, log=log)
        async with tested.ledger.begin() as transaction:
            assert (await transaction.progress(GROUP, PARTITION)).log == kept


async def test_nothing_is_admitted_of_nothing(tested: LedgerUnderTest) -> None:
    async with tested.ledger.begin() as transaction:
        assert (
            await admitted(
                transaction,
                GROUP,
            )
            == []
        )
        await transaction.enqueue([])
    assert await tested.outbox() == []


async def test_the_outbox_keeps_the_order_of_enqueueing(tested: LedgerUnderTest) -> None:
    values = [str(number).encode() for number in range(300)]
    async with tested.ledger.begin() as transaction:
        await transaction.enqueue([record(value) for value in values[:200]])
        await transaction.enqueue([record(value) for value in values[200:]])
    assert [each.value for each in await tested.outbox()] == values


@pytest.mark.parametrize(
    "hostile",
    [
        OutgoingRecord("replies.v1", None, None),
        OutgoingRecord("replies.v1", b"", b""),
        OutgoingRecord("replies.v1", b"\x00\xff", b'{"text": "\\u0000\\ud800 NaN"}\x00\xff'),
        OutgoingRecord("replies.v1", b"k", b"v", (("ce_id", b"\x00\xff"), ("ce_type", b"\x00\xff"), ("ce_id", None))),
        OutgoingRecord("replies.v1", b"k", b"v", (("\x00ä", b""), ("", None)), timestamp_ms=-1, partition=3),
        OutgoingRecord("replies.v1", b"k", b"v", timestamp_ms=2**62),
    ],
    ids=["nothing", "empty", "binary", "hostile attributes", "odd headers", "far future"],
)
async def test_any_record_comes_out_of_the_outbox_as_it_went_in(
    tested: LedgerUnderTest, hostile: OutgoingRecord
) -> None:
    async with tested.ledger.begin() as transaction:
        await transaction.enqueue([record(b"before"), hostile, record(b"after")])
    assert await tested.outbox() == [record(b"before"), hostile, record(b"after")]


async def test_ids_may_hold_what_an_agent_likes_to_put_there(tested: LedgerUnderTest) -> None:
    event = replace(report("odd"), source="'; DROP SCHEMA ingestion CASCADE; --", id='ä{},"\\ NULL')  # type: ignore[arg-type]
    async with tested.ledger.begin() as transaction:
        assert await admitted(transaction, GROUP, event) == [event]
    async with tested.ledger.begin() as transaction:
        assert await admitted(transaction, GROUP, event) == []

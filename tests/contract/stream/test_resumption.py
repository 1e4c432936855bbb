"""Where a member begins: the position in the database decides, and a log that does not fit it is refused."""

from __future__ import annotations

import asyncio

import pytest

from autodev.events.catalogue import TASK_REPORTED
from autodev.stream import watch
from autodev.stream.logs import PositionBeyondLogError, ReplacedLogError
from autodev.stream.ports import Partition
from tests.contract.stream.handlers import Noting
from tests.contract.stream.members import Member
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime
from tests.contract.stream.waiting import PATIENCE, eventually


async def handled_until(runtime: Runtime, partition: Partition, offset: int) -> None:
    async with runtime.tested.ledger.begin() as transaction:
        await transaction.advance("first", partition, expected=None, following=offset)


async def only_partition(runtime: Runtime) -> Partition:
    """The partition of the one agent that reports here."""
    record, *_ = await runtime.arrived(TASK_REPORTED, 1)
    return Partition(record.topic, record.partition)


async def test_an_emptied_database_is_filled_again_from_the_beginning_of_the_log(runtime: Runtime) -> None:
    await runtime.send(report("one"), report("two"))
    partition = await only_partition(runtime)
    before = Member(runtime.broker.subscription("first", [TASK_REPORTED.name]))
    await before.join()
    await before.commit(await before.read(2))
    await before.leave()
    await runtime.join(Noting(runtime.tested))
    assert await runtime.noted(2) == ["one", "two"]
    async with runtime.tested.ledger.begin() as transaction:
        assert await transaction.position("first", partition) == 2


async def test_a_member_begins_at_its_position(runtime: Runtime) -> None:
    await runtime.send(report("one"), report("two"), report("three"))
    await handled_until(runtime, await only_partition(runtime), 1)
    handler = Noting(runtime.tested)
    await runtime.join(handler)
    assert await runtime.noted(2) == ["two", "three"]


async def test_a_log_that_ends_before_the_position_fails_the_member(runtime: Runtime) -> None:
    await runtime.send(report("of another log"))
    partition = await only_partition(runtime)
    await handled_until(runtime, partition, 7)
    handler = Noting(runtime.tested)
    member = runtime.member(handler)
    await member.start()
    await asyncio.wait_for(runtime.failed.wait(), PATIENCE)
    assert isinstance(member.failure, PositionBeyondLogError)
    for part in (str(partition), "offset 7", "ends at 1", "first.position"):
        assert part in str(member.failure)
        assert part in (member.trouble or "")
    assert handler.batches == []


@pytest.fixture
def _watched_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.1)


async def handled_log(runtime: Runtime, *reports: str) -> Partition:
    """The partition in which `reports` have been handled; whoever did it has left."""
    before = await runtime.join(Noting(runtime.tested))
    await runtime.send(*(report(words) for words in reports))
    await runtime.noted(len(reports))
    partition = await only_partition(runtime)
    await before.stop()
    return partition


async def made_anew(runtime: Runtime, *reports: str) -> None:
    await runtime.broker.delete(TASK_REPORTED.name)
    await runtime.broker.create(TASK_REPORTED.name)
    await runtime.send(*(report(words) for words in reports))


async def test_a_topic_made_anew_is_refused_though_its_log_is_longer_than_the_one_before(runtime: Runtime) -> None:
    await handled_log(runtime, "old")
    await made_anew(runtime, "first of the new", "second of the new")
    handler = Noting(runtime.tested)
    member = runtime.member(handler)
    await member.start()
    await asyncio.wait_for(runtime.failed.wait(), PATIENCE)
    assert isinstance(member.failure, ReplacedLogError)
    for part in (TASK_REPORTED.name, "made anew", "first.position"):
        assert part in str(member.failure)
    assert handler.batches == []


@pytest.mark.usefixtures("_watched_closely")
async def test_a_topic_made_anew_under_a_member_fails_it(runtime: Runtime) -> None:
    member = await runtime.join(Noting(runtime.tested))
    await runtime.send(report("old"))
    await runtime.noted(1)
    await made_anew(runtime, "first of the new", "second of the new")
    await asyncio.wait_for(runtime.failed.wait(), PATIENCE)
    assert isinstance(member.failure, ReplacedLogError)


@pytest.mark.usefixtures("_watched_closely")
async def test_a_topic_that_is_deleted_under_a_member_is_its_trouble(runtime: Runtime) -> None:
    member = await runtime.join(Noting(runtime.tested))
    await runtime.broker.delete(TASK_REPORTED.name)
    await eventually(lambda: f"topics missing: {TASK_REPORTED.name}" in (member.trouble or ""))
    assert member.failure is None


async def test_a_position_from_before_logs_had_ids_gets_that_of_its_log_when_it_moves(runtime: Runtime) -> None:
    await runtime.send(report("one"), report("two"))
    partition = await only_partition(runtime)
    await handled_until(runtime, partition, 1)
    await runtime.join(Noting(runtime.tested))
    await runtime.noted(1)
    async with runtime.tested.ledger.begin() as transaction:
        assert (await transaction.progress("first", partition)).log is not None

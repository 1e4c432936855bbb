"""Where a member begins: the position in the database decides, and a log that does not fit it is refused."""

from __future__ import annotations

import asyncio

from autodev.events.catalogue import TASK_REPORTED
from autodev.stream.ports import Partition
from autodev.stream.resumption import PositionBeyondLogError
from tests.contract.stream.handlers import Noting
from tests.contract.stream.members import Member
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime
from tests.contract.stream.waiting import PATIENCE


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

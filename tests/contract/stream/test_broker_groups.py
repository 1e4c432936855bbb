"""How a broker shares records among the members of a group, be it in memory or Kafka."""

from __future__ import annotations

import asyncio
import time

import pytest

from autodev.stream.ports import Extent, Partition
from tests.contract.stream.brokers import LETTERS, PARTITIONS, BrokerUnderTest
from tests.contract.stream.letters import letter
from tests.contract.stream.members import Join
from tests.contract.stream.waiting import eventually


async def test_what_was_not_committed_comes_again_after_a_member_left(broker: BrokerUnderTest, join: Join) -> None:
    await broker.publisher.publish([letter("unread"), letter("unanswered")])
    first = await join("readers")
    await first.holds(PARTITIONS)
    before = await first.read(2)
    await first.leave()
    second = await join("readers")
    await second.holds(PARTITIONS)
    assert await second.read(2) == before


async def test_what_was_committed_does_not_come_again(broker: BrokerUnderTest, join: Join) -> None:
    await broker.publisher.publish([letter("one"), letter("two"), letter("three")])
    first = await join("readers")
    await first.holds(PARTITIONS)
    await first.commit((await first.read(3))[:2])
    await first.leave()
    second = await join("readers")
    await second.holds(PARTITIONS)
    assert [record.value for record in await second.read(1)] == [b"three"]


async def test_each_group_reads_everything(broker: BrokerUnderTest, join: Join) -> None:
    await broker.publisher.publish([letter("to all")])
    for group in ("readers", "archivists"):
        member = await join(group)
        await member.holds(PARTITIONS)
        assert len(await member.read(1)) == 1


async def test_two_members_share_the_partitions(broker: BrokerUnderTest, join: Join) -> None:
    first, second = await asyncio.gather(join("readers"), join("readers"))
    await asyncio.gather(first.holds(1), second.holds(1))
    assert first.partitions.isdisjoint(second.partitions)


async def test_a_member_beyond_the_partitions_is_told_that_it_has_none(broker: BrokerUnderTest, join: Join) -> None:
    members = await asyncio.gather(*(join("readers") for _ in range(PARTITIONS + 1)))
    await eventually(
        lambda: sum(len(each.partitions) for each in members) == PARTITIONS and all(m.told for m in members)
    )
    assert sorted(len(member.partitions) for member in members) == [0, 1, 1]


async def test_a_partition_is_handed_over_only_when_its_member_has_drained_it(
    broker: BrokerUnderTest, join: Join
) -> None:
    await broker.publisher.publish([letter(str(number), partition=number) for number in range(PARTITIONS)])
    first = await join("readers")
    await first.holds(PARTITIONS)
    in_flight = await first.read(PARTITIONS)
    first.drained.clear()
    joining = asyncio.create_task(join("readers"))
    await asyncio.wait_for(first.draining.wait(), timeout=30)
    await first.commit(in_flight)
    first.drained.set()
    second = await joining
    await asyncio.gather(first.holds(1), second.holds(1))
    assert await first.read_for(0.3) + await second.read_for(0.3) == []


async def test_the_partitions_of_a_member_that_leaves_go_to_the_others(broker: BrokerUnderTest, join: Join) -> None:
    first, second = await asyncio.gather(join("readers"), join("readers"))
    await asyncio.gather(first.holds(1), second.holds(1))
    await first.leave()
    await second.holds(PARTITIONS)


async def test_a_partition_of_another_member_can_not_be_committed(broker: BrokerUnderTest, join: Join) -> None:
    first, second = await asyncio.gather(join("readers"), join("readers"))
    await asyncio.gather(first.holds(1), second.holds(1))
    with pytest.raises(Exception, match=r"not assigned|another member"):
        await first.subscription.commit(dict.fromkeys(second.partitions, 1))


async def test_a_poll_is_empty_after_its_seconds(broker: BrokerUnderTest, join: Join) -> None:
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    started = time.monotonic()
    assert await reader.read_for(0.2) == []
    assert 0.15 < time.monotonic() - started < 5


async def test_a_poll_returns_no_more_than_it_asked_for(broker: BrokerUnderTest, join: Join) -> None:
    await broker.publisher.publish([letter(str(number), partition=0) for number in range(5)])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    polled = [await reader.subscription.poll(Partition(LETTERS.name, 0), max_records=2, seconds=10) for _ in range(3)]
    assert [len(records) for records in polled] == [2, 2, 1]


async def test_a_poll_of_an_idle_partition_holds_up_no_other(broker: BrokerUnderTest, join: Join) -> None:
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    idle = asyncio.create_task(reader.subscription.poll(Partition(LETTERS.name, 0), max_records=1, seconds=5))
    await broker.publisher.publish([letter("busy", partition=1)])
    started = time.monotonic()
    busy = await reader.subscription.poll(Partition(LETTERS.name, 1), max_records=1, seconds=5)
    assert [record.value for record in busy] == [b"busy"]
    assert time.monotonic() - started < 4
    assert not idle.done()
    idle.cancel()


async def test_a_waiting_poll_returns_as_soon_as_a_record_is_there(broker: BrokerUnderTest, join: Join) -> None:
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    await reader.read_for(0.1)
    waiting = asyncio.create_task(reader.read_for(20))
    await asyncio.sleep(0.1)
    started = time.monotonic()
    await broker.publisher.publish([letter(str(number), partition=number) for number in range(PARTITIONS)])
    assert len(await waiting) == PARTITIONS
    assert time.monotonic() - started < 5


async def test_the_lag_is_what_is_left_to_read(broker: BrokerUnderTest, join: Join) -> None:
    await broker.publisher.publish([letter(str(number), partition=0) for number in range(3)])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    await reader.read(3)
    assert reader.subscription.lag(Partition(LETTERS.name, 0), 1) == 2


async def test_a_seek_decides_where_the_next_poll_begins(broker: BrokerUnderTest, join: Join) -> None:
    await broker.publisher.publish([letter(str(number), partition=0) for number in range(4)])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    for start in (2, 0, 3):
        reader.subscription.seek(Partition(LETTERS.name, 0), start)
        assert [record.offset for record in await reader.read(4 - start)] == list(range(start, 4))


async def test_a_partition_of_another_member_can_not_be_sought_in(broker: BrokerUnderTest, join: Join) -> None:
    first, second = await asyncio.gather(join("readers"), join("readers"))
    await asyncio.gather(first.holds(1), second.holds(1))
    (foreign,) = second.partitions
    with pytest.raises(Exception, match=r"not assigned|another member|No current assignment"):
        first.subscription.seek(foreign, 0)


async def test_the_extent_of_a_log_is_from_its_first_offset_to_the_one_it_will_give_next(
    broker: BrokerUnderTest, join: Join
) -> None:
    await broker.publisher.publish([letter(str(number), partition=0) for number in range(3)])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    extents = [await reader.subscription.extent(Partition(LETTERS.name, number)) for number in range(PARTITIONS)]
    assert extents == [Extent(0, 3), Extent(0, 0)]

"""What the stream runtime relies on from a broker, be it in memory or Kafka."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from autodev.events.record import Headers, OutgoingRecord
from autodev.stream.ports import Partition
from tests.contract.stream.brokers import LETTERS, PARTITIONS, BrokerUnderTest, InMemory, on_kafka
from tests.contract.stream.members import Member
from tests.contract.stream.waiting import eventually

Join = Callable[[str], Coroutine[Any, Any, Member]]


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.kafka)])
async def broker(request: pytest.FixtureRequest) -> AsyncIterator[BrokerUnderTest]:
    if request.param == "memory":
        yield InMemory()
        return
    async with on_kafka(request.getfixturevalue("kafka_bootstrap"), [LETTERS]) as broker:
        yield broker


@pytest.fixture
async def join(broker: BrokerUnderTest) -> AsyncIterator[Join]:
    members: list[Member] = []

    async def join(group: str) -> Member:
        member = Member(broker.subscription(group, [LETTERS.name]))
        members.append(member)
        await member.join()
        return member

    yield join
    for member in members:
        member.drained.set()
        await member.leave()


def letter(
    text: str | None,
    *,
    sender: bytes | None = b"anna",
    headers: Headers = (),
    timestamp_ms: int | None = None,
    partition: int | None = None,
) -> OutgoingRecord:
    value = text.encode() if text is not None else None
    return OutgoingRecord(LETTERS.name, sender, value, headers, timestamp_ms, partition)


async def test_records_of_one_key_are_read_in_the_order_they_were_published(
    broker: BrokerUnderTest, join: Join
) -> None:
    await broker.publisher.publish([letter(str(number)) for number in range(150)])
    await broker.publisher.publish([letter(str(number)) for number in range(150, 200)])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    read = await reader.read(200)
    assert [record.value for record in read] == [str(number).encode() for number in range(200)]
    assert len({record.partition for record in read}) == 1


async def test_offsets_of_a_partition_follow_one_another(broker: BrokerUnderTest, join: Join) -> None:
    await broker.publisher.publish([letter(str(number), partition=0) for number in range(5)])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    assert [record.offset for record in await reader.read(5)] == [0, 1, 2, 3, 4]


async def test_a_record_goes_to_the_partition_it_names(broker: BrokerUnderTest, join: Join) -> None:
    await broker.publisher.publish([letter("here", partition=number) for number in range(PARTITIONS)])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    assert sorted(record.partition for record in await reader.read(PARTITIONS)) == list(range(PARTITIONS))


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
    assert time.monotonic() - started < 2
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


@pytest.mark.parametrize(
    ("key", "value"),
    [(b"anna", None), (None, b"text"), (b"", b""), (b"\xff\x00", b"\xff\x00")],
    ids=["tombstone", "no key", "empty", "binary"],
)
async def test_key_and_value_come_as_they_were_sent(
    broker: BrokerUnderTest, join: Join, key: bytes | None, value: bytes | None
) -> None:
    await broker.publisher.publish([OutgoingRecord(LETTERS.name, key, value)])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    (record,) = await reader.read(1)
    assert (record.key, record.value) == (key, value)


async def test_a_record_of_nothing_at_all_can_be_published(broker: BrokerUnderTest, join: Join) -> None:
    """As a dead letter must be: hostile producers can write one."""
    await broker.publisher.publish([OutgoingRecord(LETTERS.name, None, None, (("reason", b"empty"),))])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    (record,) = await reader.read(1)
    assert (record.value, record.headers) == (None, (("reason", b"empty"),))


async def test_headers_keep_their_order_repeat_and_may_be_null_or_binary(broker: BrokerUnderTest, join: Join) -> None:
    headers: Headers = (("b", b"1"), ("a", None), ("b", b"\xff\xfe"), ("ä", b""), ("", b"nameless"))
    await broker.publisher.publish([letter("text", headers=headers)])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    (record,) = await reader.read(1)
    assert record.headers == headers


async def test_a_record_keeps_the_time_it_was_given(broker: BrokerUnderTest, join: Join) -> None:
    await broker.publisher.publish([letter("then", timestamp_ms=1_700_000_000_123)])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    (record,) = await reader.read(1)
    assert record.timestamp_ms == 1_700_000_000_123


async def test_a_record_without_a_time_gets_the_present(broker: BrokerUnderTest, join: Join) -> None:
    before = int(time.time() * 1000)
    await broker.publisher.publish([letter("now")])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    (record,) = await reader.read(1)
    assert before - 1_000 <= record.timestamp_ms <= time.time() * 1000 + 1_000

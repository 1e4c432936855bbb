"""What comes out of a broker is what went in, be it in memory or Kafka."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from autodev.events.record import Headers, OutgoingRecord, Record
from tests.contract.stream.brokers import LETTERS, PARTITIONS, BrokerUnderTest
from tests.contract.stream.letters import letter
from tests.contract.stream.members import Join


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


async def test_a_record_of_the_future_holds_up_none_that_come_after_it(broker: BrokerUnderTest, join: Join) -> None:
    """A clock may have been wrong when its event was made; the event itself says so all the same."""
    future = OutgoingRecord(LETTERS.name, b"anna", b"9999", timestamp_ms=253_402_300_799_000)
    await broker.publisher.publish([future, letter("now")])
    reader = await join("readers")
    await reader.holds(PARTITIONS)
    assert sorted(record.value or b"" for record in await reader.read(2)) == [b"9999", b"now"]


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


ODD: list[OutgoingRecord] = [
    letter("then", timestamp_ms=1_700_000_000_123),
    letter(None, sender=b"bert", timestamp_ms=1),
    letter("", sender=b"", timestamp_ms=2),
    letter("x" * 300_000, sender=b"carl", timestamp_ms=3, headers=(("a", None), ("a", b"\xff"), ("ä", b""))),
    letter("here", timestamp_ms=4, partition=1),
    OutgoingRecord(LETTERS.name, None, None, (("reason", b"empty"),), timestamp_ms=5, partition=0),
]
"""Some keys go to one partition, some to the other; a value is larger than what goes out together."""


async def test_many_records_at_once_arrive_as_each_alone_does(broker: BrokerUnderTest) -> None:
    records = [replace(record, timestamp_ms=number) for number, record in enumerate(ODD * 20)]
    for record in records:
        await broker.publisher.publish([record])
    alone = _by_partition(await broker.written(LETTERS.name))
    await broker.publisher.publish(records)
    written = _by_partition(await broker.written(LETTERS.name))
    assert sorted(alone) == list(range(PARTITIONS))
    assert written == {number: found * 2 for number, found in alone.items()}


def _by_partition(records: list[Record]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    for record in records:
        found.setdefault(record.partition, []).append(replace(record, offset=0))
    return found

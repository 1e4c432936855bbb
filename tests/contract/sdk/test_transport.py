"""What the SDK asks of every transport."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing

import pytest

from autodev.events.catalogue import SKILL_EXECUTED, SKILL_PROMOTED, TASK_REPORTED
from autodev.events.record import OutgoingRecord, Record
from autodev.sdk.transport import CAUGHT_UP, PromotionStream, Transport, UndeliveredError
from tests.contract.sdk.conftest import BrokerUnderTest

PATIENCE = 20.0


def task(text: str) -> OutgoingRecord:
    return OutgoingRecord(TASK_REPORTED.name, b"acme/a", text.encode(), (("ce_id", text.encode()),), 1_700_000_000_000)


def promotion(skill: str, code: bytes | None) -> OutgoingRecord:
    return OutgoingRecord(SKILL_PROMOTED.name, f"acme/{skill}".encode(), code)


async def received(transport: Transport, group: str, count: int, *, commit: bool = True) -> list[Record]:
    """The next `count` records of the two topics that agents write."""
    records: list[Record] = []
    async with (
        asyncio.timeout(PATIENCE),
        transport.subscribe([TASK_REPORTED.name, SKILL_EXECUTED.name], group) as member,
    ):
        async for batch in member.batches():
            records += batch
            if len(records) >= count:
                break
        if commit:
            await member.commit(records)
    return records


def values(records: Sequence[Record]) -> list[bytes | None]:
    return [record.value for record in records]


async def until_caught_up(stream: PromotionStream) -> list[tuple[bytes | None, bytes | None]]:
    seen: list[tuple[bytes | None, bytes | None]] = []
    async with asyncio.timeout(PATIENCE):
        while (item := await anext(stream)) is not CAUGHT_UP:
            seen.append((item.key, item.value))
    return seen


async def following(stream: PromotionStream) -> tuple[bytes | None, bytes | None]:
    async with asyncio.timeout(PATIENCE):
        item = await anext(stream)
    assert item is not CAUGHT_UP
    return item.key, item.value


async def test_a_record_arrives_as_it_was_sent(transport: Transport) -> None:
    await transport.send([task("one")])
    [record] = await received(transport, "billing", 1)
    assert (record.topic, record.key, record.value) == (TASK_REPORTED.name, b"acme/a", b"one")
    assert (record.headers, record.timestamp_ms) == ((("ce_id", b"one"),), 1_700_000_000_000)


async def test_records_of_one_key_stay_in_order(transport: Transport) -> None:
    texts = [str(number) for number in range(300)]
    await transport.send([task(text) for text in texts])
    assert values(await received(transport, "billing", 300)) == [text.encode() for text in texts]


async def test_what_was_committed_does_not_come_again(transport: Transport) -> None:
    await transport.send([task("one")])
    await received(transport, "billing", 1)
    await transport.send([task("two")])
    assert values(await received(transport, "billing", 1)) == [b"two"]


async def test_what_was_not_committed_comes_again(transport: Transport) -> None:
    await transport.send([task("one")])
    await received(transport, "billing", 1, commit=False)
    assert values(await received(transport, "billing", 1)) == [b"one"]


async def test_each_group_gets_every_record(transport: Transport) -> None:
    await transport.send([task("one")])
    assert values(await received(transport, "billing", 1)) == values(await received(transport, "audit", 1))


async def test_the_promotions_there_are_come_before_the_news_that_they_are_all(transport: Transport) -> None:
    await transport.send([promotion("speed", b"1"), promotion("age", b"2")])
    async with aclosing(transport.promotions()) as stream:
        assert sorted(await until_caught_up(stream)) == [(b"acme/age", b"2"), (b"acme/speed", b"1")]


async def test_without_promotions_a_stream_is_caught_up_at_once(transport: Transport) -> None:
    async with aclosing(transport.promotions()) as stream:
        assert await until_caught_up(stream) == []


async def test_new_promotions_and_tombstones_follow_as_they_happen(transport: Transport) -> None:
    async with aclosing(transport.promotions()) as stream:
        await until_caught_up(stream)
        await transport.send([promotion("speed", b"1")])
        assert await following(stream) == (b"acme/speed", b"1")
        await transport.send([promotion("speed", None)])
        assert await following(stream) == (b"acme/speed", None)


async def test_a_broker_that_is_away_gives_all_records_back_in_order(broker: BrokerUnderTest) -> None:
    transport = broker.connect_while_away()
    records = [task("one"), task("two")]
    with pytest.raises(UndeliveredError) as undelivered:
        await transport.send(records)
    assert undelivered.value.records == tuple(records)
    await transport.close()


async def test_a_record_that_the_broker_refuses_for_good_is_dropped_and_all_others_arrive_in_order(
    transport: Transport,
) -> None:
    tomorrow = int((time.time() + 86_400) * 1_000)
    refused = OutgoingRecord(TASK_REPORTED.name, b"acme/a", b"refused", timestamp_ms=tomorrow)
    texts = [str(number) for number in range(60)]
    good = [task(text) for text in texts]
    assert await transport.send([*good[:30], refused, *good[30:]]) == 1
    assert values(await received(transport, "billing", 60)) == [text.encode() for text in texts]


async def test_a_transport_that_was_never_used_closes(broker: BrokerUnderTest) -> None:
    await broker.connect().close()

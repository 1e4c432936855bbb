"""Records that the Kafka client itself can not decode."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from autodev.events.binary import to_record
from autodev.events.catalogue import TASK_REPORTED, dead_letter_topic
from autodev.events.record import OutgoingRecord
from autodev.stream.kafka import log
from autodev.stream.kafka.decompression import MAX_DECOMPRESSED
from tests.contract.stream.brokers import OnKafka
from tests.contract.stream.handlers import Noting
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime, on_servers
from tests.integration.stream.stored import PLACEHOLDER, with_unreadable_names

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

SENT_MS = int(time.time() * 1_000) - 7
UNREADABLE = OutgoingRecord("", b"k", b"unreadable \xff", ((PLACEHOLDER, b"\xfe"), ("x-mine", None)), SENT_MS)


def good(words: str) -> OutgoingRecord:
    return to_record(report(words))


@pytest.mark.parametrize("codec", [None, "gzip"])
async def test_a_header_name_that_is_no_text_costs_its_record_alone(
    kafka_bootstrap: str, database_url: str, codec: str | None
) -> None:
    async with on_servers(kafka_bootstrap, database_url) as runtime:
        await runtime.send(replace(good("before"), partition=0))
        await _send_together(runtime, [good("beside it"), UNREADABLE, good("after it"), UNREADABLE], codec)
        await runtime.send(replace(good("behind"), partition=0))
        await runtime.join(Noting(runtime.tested))
        assert await runtime.noted(4) == ["before", "beside it", "after it", "behind"]
        letters = await runtime.arrived(dead_letter_topic("first"), 2)
        for letter, offset in zip(letters, (b"2", b"4"), strict=True):
            headers = dict(letter.headers)
            assert headers["dlq-original-offset"] == offset
            assert b"a name is not UTF-8" in (headers["dlq-error-message"] or b"")
            assert (letter.key, letter.value, letter.timestamp_ms) == (b"k", b"unreadable \xff", SENT_MS)
            assert letter.headers[:2] == (("\\xff\\xfe\\xff\\xfe\\xff\\xfe", b"\xfe"), ("x-mine", None))


async def test_a_member_that_takes_few_at_a_time_gets_all_of_an_unreadable_batch(
    kafka_bootstrap: str, database_url: str
) -> None:
    async with on_servers(kafka_bootstrap, database_url) as runtime:
        await _send_together(runtime, [good("1"), good("2"), UNREADABLE, good("3"), good("4"), good("5")], None)
        await runtime.join(Noting(runtime.tested), max_records=2)
        assert await runtime.noted(5) == ["1", "2", "3", "4", "5"]


async def test_a_log_is_read_past_header_names_that_are_no_text(kafka_bootstrap: str, database_url: str) -> None:
    async with on_servers(kafka_bootstrap, database_url) as runtime:
        assert isinstance(runtime.broker, OnKafka)
        await runtime.send(replace(good("elsewhere"), partition=1), replace(good("before"), partition=0))
        await _send_together(runtime, [good("beside it"), UNREADABLE], None)
        await runtime.send(replace(good("behind"), partition=0))
        reading = log.read(runtime.broker.connection, [TASK_REPORTED.name], from_start=True, until_end=True)
        found = [record async for record in reading]
        assert sorted((record.partition, record.offset) for record in found) == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)]
        assert [record.offset for record in found if record.has_escaped_names] == [2]


@pytest.mark.parametrize("codec", ["gzip", "lz4", "zstd"])
async def test_a_batch_that_is_far_too_large_without_its_compression_is_one_dead_letter(
    kafka_bootstrap: str, database_url: str, codec: str
) -> None:
    bomb = replace(good("bomb"), value=bytes(MAX_DECOMPRESSED // 2))
    async with on_servers(kafka_bootstrap, database_url) as runtime:
        await runtime.send(replace(good("before"), partition=0))
        await _send_together(runtime, [good("within it"), bomb, bomb, good("at its end")], codec)
        await runtime.send(replace(good("behind"), partition=0))
        await runtime.join(Noting(runtime.tested), max_records=2)
        assert await runtime.noted(2) == ["before", "behind"]
        (letter,) = await runtime.arrived(dead_letter_topic("first"), 1)
        headers = dict(letter.headers)
        assert headers["dlq-original-offset"] == b"4"
        assert b"without its compression" in (headers["dlq-error-message"] or b"")


async def _send_together(runtime: Runtime, records: list[OutgoingRecord], codec: str | None) -> None:
    """In one batch of one producer, as any program in another language can write it."""
    assert isinstance(runtime.broker, OnKafka)
    connection = runtime.broker.connection
    options: dict[str, Any] = {"bootstrap_servers": connection.bootstrap_servers, "compression_type": codec}
    async with AIOKafkaProducer(**options, max_batch_size=2 * MAX_DECOMPRESSED) as producer:
        batch = producer.create_batch()
        for record in records:
            batch.append(
                timestamp=record.timestamp_ms, key=record.key, value=record.value, headers=list(record.headers)
            )
        with_unreadable_names(batch)
        await (await producer.send_batch(batch, connection.physical(TASK_REPORTED.name), partition=0))

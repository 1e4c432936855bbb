"""Records that the Kafka client itself can not decode."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.record.util import calc_crc32c

from autodev.events.binary import to_record
from autodev.events.catalogue import TASK_REPORTED, dead_letter_topic
from tests.contract.stream.brokers import OnKafka
from tests.contract.stream.handlers import Noting
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import on_servers

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

_CHECKSUM = 17
_CHECKED = 21


async def test_header_names_that_are_no_text_do_not_hold_up_their_partition(
    kafka_bootstrap: str, database_url: str
) -> None:
    async with on_servers(kafka_bootstrap, database_url) as runtime:
        assert isinstance(runtime.broker, OnKafka)
        await runtime.send(replace(to_record(report("before")), partition=0))
        await _send_unreadable(runtime.broker, count=2)
        await runtime.send(replace(to_record(report("after")), partition=0))
        await runtime.join(Noting(runtime.tested))
        assert await runtime.noted(2) == ["before", "after"]
        letters = await runtime.arrived(dead_letter_topic("first"), 2)
        assert [dict(letter.headers)["dlq-original-offset"] for letter in letters] == [b"1", b"2"]


async def _send_unreadable(broker: OnKafka, count: int) -> None:
    """A batch of `count` records whose header names are no UTF-8, as any producer in another language can write."""
    async with AIOKafkaProducer(bootstrap_servers=broker.connection.bootstrap_servers) as producer:
        batch = producer.create_batch()
        for _ in range(count):
            batch.append(timestamp=None, key=b"k", value=b"v", headers=[("NAME", b"")])
        batch._build()
        data = bytearray(batch._buffer).replace(b"NAME", b"\xff\xfe\xff\xfe")
        struct.pack_into(">I", data, _CHECKSUM, calc_crc32c(bytes(data[_CHECKED:])))
        batch._buffer = data
        await (await producer.send_batch(batch, broker.connection.physical(TASK_REPORTED.name), partition=0))

"""Producers that use transactions, as none of ours does: what they did not commit is not there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from autodev.events.binary import to_record
from autodev.events.catalogue import TASK_REPORTED
from autodev.stream.kafka import fetching, log
from tests.contract.stream.brokers import OnKafka
from tests.contract.stream.handlers import Noting
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime, on_servers

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@pytest.fixture
async def runtime(kafka_bootstrap: str, database_url: str) -> AsyncIterator[Runtime]:
    async with on_servers(kafka_bootstrap, database_url) as runtime:
        yield runtime


@asynccontextmanager
async def transaction(broker: OnKafka, *words: str) -> AsyncIterator[AIOKafkaProducer]:
    """An open one, to which reports of `words` are written; whatever is still open at the end is aborted."""
    producer = AIOKafkaProducer(
        bootstrap_servers=broker.connection.bootstrap_servers, transactional_id=uuid4().hex, linger_ms=0
    )
    await producer.start()
    try:
        await producer.begin_transaction()
        for each in words:
            record = to_record(report(each))
            name = broker.connection.physical(record.topic)
            await producer.send_and_wait(name, record.value, key=record.key, headers=list(record.headers))
        yield producer
        if producer._txn_manager.is_in_transaction():
            await producer.abort_transaction()
    finally:
        await producer.stop()


async def write_some(runtime: Runtime) -> OnKafka:
    """The log: aborted, before, committed, aborted, after."""
    broker = runtime.broker
    assert isinstance(broker, OnKafka)
    async with transaction(broker, "aborted"):
        await runtime.send(report("before"))
    async with transaction(broker, "committed") as producer:
        await producer.commit_transaction()
    async with transaction(broker, "aborted too"):
        pass
    await runtime.send(report("after"))
    return broker


async def test_a_member_handles_what_was_committed_and_nothing_else(runtime: Runtime) -> None:
    await write_some(runtime)
    await runtime.join(Noting(runtime.tested))
    assert await runtime.noted(3) == ["before", "committed", "after"]


async def test_what_is_still_open_waits_for_its_commit(runtime: Runtime) -> None:
    assert isinstance(runtime.broker, OnKafka)
    handler = Noting(runtime.tested)
    async with transaction(runtime.broker, "open") as producer:
        await runtime.join(handler)
        await asyncio.sleep(1)
        assert handler.batches == []
        await producer.commit_transaction()
        assert await runtime.noted(1) == ["open"]


async def test_a_topic_that_is_read_to_its_end_shows_what_was_committed(runtime: Runtime) -> None:
    broker = await write_some(runtime)
    async with transaction(broker, "at the end"):
        pass
    read = [each async for each in log.read(broker.connection, [TASK_REPORTED.name], from_start=True, until_end=True)]
    assert len(read) == 3


async def test_what_the_client_can_not_decode_is_left_out_too_if_it_was_aborted(runtime: Runtime) -> None:
    broker = await write_some(runtime)
    found = []
    async with log.reader(broker.connection) as consumer:
        for partition in await log.partitions_of(broker.connection, [TASK_REPORTED.name]):
            consumer.assign([TopicPartition(partition.topic, partition.partition)])
            await consumer.seek_to_beginning(partition)
            found += await fetching._fetch_stored(consumer, partition, broker.connection.prefix, 100)
    assert len(found) == 3

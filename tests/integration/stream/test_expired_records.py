"""A member that was away for longer than the topic's retention."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from structlog.testing import capture_logs

from autodev.events.catalogue import TASK_REPORTED
from autodev.stream.ports import Partition
from tests.contract.stream.brokers import OnKafka
from tests.contract.stream.handlers import Noting
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime, on_servers

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@pytest.fixture
async def runtime(kafka_bootstrap: str, database_url: str) -> AsyncIterator[Runtime]:
    async with on_servers(kafka_bootstrap, database_url) as runtime:
        yield runtime


async def expire(broker: OnKafka, partition: Partition, before: int) -> None:
    """Delete what `partition` holds before an offset, as retention does."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.connection.bootstrap_servers)
    await admin.start()
    try:
        physical = TopicPartition(broker.connection.physical(partition.topic), partition.number)
        await admin.delete_records({physical: RecordsToDelete(before)})
    finally:
        await admin.close()


async def test_records_that_expired_unread_are_counted_and_the_rest_is_handled(runtime: Runtime) -> None:
    await runtime.send(*(report(str(number)) for number in range(5)))
    record, *_ = await runtime.arrived(TASK_REPORTED, 5)
    partition = Partition(record.topic, record.partition)
    async with runtime.tested.ledger.begin() as transaction:
        await transaction.advance("first", partition, expected=None, following=1)
    assert isinstance(runtime.broker, OnKafka)
    await expire(runtime.broker, partition, before=3)
    with capture_logs() as logs:
        member = await runtime.join(Noting(runtime.tested))
        assert await runtime.noted(2) == ["3", "4"]
    (warning,) = [each for each in logs if each["event"] == "records_expired_unread"]
    assert (warning["partition"], warning["position"], warning["lost"]) == (str(partition), 1, 2)
    assert member.failure is None

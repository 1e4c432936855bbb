"""Members and publishers while the broker is killed or frozen under them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from autodev.stream import watch
from autodev.stream.kafka.publisher import KafkaPublisher
from deploy.local.broker import Kafka
from tests.contract.stream.brokers import LETTERS, OnKafka, on_kafka
from tests.contract.stream.handlers import Noting
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime, on_servers
from tests.contract.stream.waiting import eventually
from tests.integration.stream.office import letter

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

STOP_SECONDS = 30.0
"""Kubernetes' grace period."""


@pytest.fixture
async def runtime(kafka: Kafka, database_url: str) -> AsyncIterator[Runtime]:
    async with on_servers(kafka.bootstrap, database_url) as runtime:
        yield runtime


async def test_a_member_goes_on_after_the_broker_was_killed(kafka: Kafka, runtime: Runtime) -> None:
    await runtime.join(Noting(runtime.tested))
    await runtime.send(report("before"))
    await runtime.noted(1)
    kafka.kill()
    await asyncio.sleep(1)
    kafka.restart()
    await runtime.send(report("after"))
    assert await runtime.noted(2) == ["before", "after"]


async def test_a_member_can_be_stopped_while_the_broker_is_away(kafka: Kafka, runtime: Runtime) -> None:
    member = await runtime.join(Noting(runtime.tested))
    await runtime.send(report("before"))
    await runtime.noted(1)
    kafka.kill()
    await asyncio.wait_for(member.stop(), STOP_SECONDS)


@pytest.mark.parametrize(("away", "back"), [(Kafka.kill, Kafka.restart), (Kafka.pause, Kafka.resume)])
async def test_a_member_that_has_nothing_to_do_says_that_the_broker_is_away(
    kafka: Kafka,
    runtime: Runtime,
    away: Callable[[Kafka], None],
    back: Callable[[Kafka], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(watch, "ANSWER_SECONDS", 1.0)
    member = await runtime.join(Noting(runtime.tested))
    away(kafka)
    await eventually(lambda: "broker not reachable" in (member.trouble or ""))
    await asyncio.to_thread(back, kafka)
    await eventually(lambda: member.trouble is None)


async def test_a_frozen_broker_fails_the_publisher_and_does_not_hold_up_its_stop(kafka: Kafka) -> None:
    async with on_kafka(kafka.bootstrap, [LETTERS]) as broker:
        assert isinstance(broker, OnKafka)
        await broker.publisher.publish([letter(0)])
        kafka.pause()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(broker.publisher.publish([letter(1)]), 3)
        kafka.resume()
        await broker.publisher.publish([letter(1)])


async def test_a_publisher_can_be_stopped_while_the_broker_is_away(kafka: Kafka) -> None:
    async with on_kafka(kafka.bootstrap, [LETTERS]) as broker:
        publisher = KafkaPublisher(broker.connection)
        await publisher.publish([letter(0)])
        kafka.kill()
        publishing = asyncio.create_task(publisher.publish([letter(1)]))
        await asyncio.sleep(0.5)
        await asyncio.wait_for(publisher.stop(), STOP_SECONDS)
        with pytest.raises(Exception, match=r"acknowledge|closed"):
            await publishing

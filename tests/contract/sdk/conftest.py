"""Every way to a broker, with a broker behind it that no other test sees."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from autodev.events.catalogue import SKILL_EXECUTED, SKILL_PROMOTED, TASK_REPORTED
from autodev.ids import AgentId, TenantId
from autodev.sdk.kafka.transport import KafkaTransport
from autodev.sdk.settings import Settings
from autodev.sdk.transport import Transport
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.topics import apply_topics
from autodev.testing import MemoryBroker, MemoryTransport


@dataclass(frozen=True)
class BrokerUnderTest:
    connect: Callable[[], Transport]
    connect_while_away: Callable[[], Transport]


def in_memory() -> BrokerUnderTest:
    broker = MemoryBroker()
    return BrokerUnderTest(lambda: MemoryTransport(broker), lambda: MemoryTransport(MemoryBroker(is_away=True)))


async def on_kafka(bootstrap: str, directory: Path) -> BrokerUnderTest:
    prefix = f"{uuid4().hex}."
    await apply_topics(KafkaConnection(bootstrap, "contract", prefix), [TASK_REPORTED, SKILL_EXECUTED, SKILL_PROMOTED])

    def connect(address: str = bootstrap) -> Transport:
        return KafkaTransport(Settings(TenantId("acme"), AgentId("a"), address, directory, prefix))

    return BrokerUnderTest(connect, lambda: connect(f"127.0.0.1:{closed_port()}"))


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.kafka)])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> BrokerUnderTest:
    if request.param == "memory":
        return in_memory()
    return await on_kafka(request.getfixturevalue("kafka_bootstrap"), tmp_path)


@pytest.fixture
async def transport(broker: BrokerUnderTest) -> AsyncIterator[Transport]:
    transport = broker.connect()
    yield transport
    await transport.close()

"""The runtime in both its forms; tests that use it run twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from tests.contract.stream.brokers import LETTERS, BrokerUnderTest, InMemory, on_kafka
from tests.contract.stream.members import Join, Member
from tests.contract.stream.runtime import Runtime, in_memory, on_servers


@pytest.fixture(autouse=True)
def _quiet_logs() -> Iterator[None]:
    """Failures are the subject here, and drawing each traceback for a terminal takes a second."""
    with capture_logs():
        yield


@pytest.fixture(
    params=["memory", pytest.param("servers", marks=[pytest.mark.kafka, pytest.mark.postgres])],
)
async def runtime(request: pytest.FixtureRequest) -> AsyncIterator[Runtime]:
    if request.param == "memory":
        async with in_memory() as runtime:
            yield runtime
        return
    servers = request.getfixturevalue("kafka_bootstrap"), request.getfixturevalue("database_url")
    async with on_servers(*servers) as runtime:
        yield runtime


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

"""While the broker is away, reports wait on disk and the agent notices nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autodev.ids import AgentId, TenantId
from autodev.sdk.client import Client
from autodev.sdk.runtime import RUNTIME
from autodev.sdk.settings import Settings
from autodev.sdk.skills.registry import REGISTRY
from autodev.testing import MemoryBroker, MemoryTransport
from tests.unit.sdk import tools


class Agent:
    """A client on a broker that can go away, with a spool that outlives it."""

    def __init__(self, broker: MemoryBroker, spool: Path) -> None:
        self.settings = Settings(TenantId("acme"), AgentId("pilot"), "memory", spool)
        self.client = Client(self.settings, lambda _: MemoryTransport(broker), REGISTRY, lambda _: None)
        self._before = RUNTIME.use(self.client)

    def end(self) -> None:
        self.client.close()
        RUNTIME.use(self._before)
        for skill in REGISTRY:
            skill.forget()


@pytest.fixture
def broker() -> MemoryBroker:
    return MemoryBroker(is_away=True)


@pytest.fixture
def agent(broker: MemoryBroker, tmp_path: Path) -> Iterator[Agent]:
    agent = Agent(broker, tmp_path)
    yield agent
    agent.end()


def values(broker: MemoryBroker) -> list[bytes]:
    return [record.value or b"" for record in broker.records("agent.skill.executed.v1")]


def test_flush_says_that_not_all_has_arrived(agent: Agent) -> None:
    tools.half(4.0)
    assert agent.client.flush(0.5) is False


def test_what_waited_arrives_in_order_once_the_broker_is_back(agent: Agent, broker: MemoryBroker) -> None:
    for number in range(5):
        tools.half(float(number))
    agent.client.flush(0.2)
    broker.is_away = False
    tools.half(5.0)
    assert agent.client.flush(10)
    assert [f'"args":[{number}.0]' in value.decode() for number, value in enumerate(values(broker))] == [True] * 6


def test_an_agent_that_ends_meanwhile_leaves_its_reports_to_the_next(broker: MemoryBroker, tmp_path: Path) -> None:
    first = Agent(broker, tmp_path)
    tools.half(4.0)
    first.end()
    broker.is_away = False
    second = Agent(broker, tmp_path)
    assert second.client.ready(10)
    assert second.client.flush(10)
    second.end()
    assert len(values(broker)) == 1


def test_a_spool_that_can_not_be_written_loses_reports_and_says_so_in_the_next(
    broker: MemoryBroker, tmp_path: Path
) -> None:
    (tmp_path / "acme").write_text("no directory")
    agent = Agent(broker, tmp_path)
    tools.half(4.0)
    agent.client.flush(0.5)
    broker.is_away = False
    tools.half(5.0)
    assert agent.client.flush(10)
    agent.end()
    assert b"autodev.dropped_reports" in values(broker)[0]


def test_reports_to_a_client_that_has_ended_are_dropped(agent: Agent) -> None:
    agent.client.close()
    assert tools.half(4.0) == 2.0

"""While the broker is away, or something here is broken, reports wait on disk and the agent notices nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from autodev.events.record import OutgoingRecord
from autodev.ids import AgentId, TenantId
from autodev.sdk.client import Client
from autodev.sdk.delivery.spool import Spool
from autodev.sdk.delivery.spool_file import SpoolFile
from autodev.sdk.runtime import RUNTIME
from autodev.sdk.settings import Settings
from autodev.sdk.skills.registry import REGISTRY
from autodev.sdk.transport import Transport
from autodev.testing import MemoryBroker, MemoryTransport
from tests.unit.sdk import tools


class Agent:
    """A client on a broker that can go away, with a spool that outlives it."""

    def __init__(self, broker: MemoryBroker, spool: Path, transport: Transport | None = None) -> None:
        self.settings = Settings(TenantId("acme"), AgentId("pilot"), "memory", spool)
        self.client = Client(self.settings, lambda _: transport or MemoryTransport(broker), REGISTRY, lambda _: None)
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


class Faulty(MemoryTransport):
    """Breaks in a way that no transport should."""

    async def send(self, records: Sequence[OutgoingRecord]) -> int:
        raise ZeroDivisionError(len(records))


@pytest.fixture
def dead(broker: MemoryBroker, tmp_path: Path) -> Iterator[Agent]:
    agent = Agent(broker, tmp_path, Faulty(broker))
    tools.half(4.0)
    assert agent.client.flush(10) is False
    assert agent.client._thread is not None
    agent.client._thread.join(10)
    yield agent
    agent.end()


def test_once_the_thread_has_died_nothing_can_be_flushed_and_nothing_raises(dead: Agent) -> None:
    assert dead.client.flush(1) is False
    assert tools.half(4.0) == 2.0


def test_once_the_thread_has_died_an_agent_is_not_ready(dead: Agent) -> None:
    assert dead.client.ready(1) is False


def test_once_the_thread_has_died_a_skill_can_be_defined_and_the_client_closed(dead: Agent) -> None:
    dead.client.defined(next(iter(REGISTRY)))
    dead.client.close()


def leave_behind(directory: Path, records: Sequence[OutgoingRecord]) -> None:
    spool = Spool(directory / "acme" / "pilot")
    spool.append(records)
    spool.close()


def test_a_record_that_the_broker_refuses_for_good_does_not_hold_up_those_behind_it(
    broker: MemoryBroker, tmp_path: Path
) -> None:
    tomorrow = int((time.time() + 86_400) * 1_000)
    leave_behind(
        tmp_path, [OutgoingRecord("t", b"k", b"refused", timestamp_ms=tomorrow), OutgoingRecord("t", b"k", b"x")]
    )
    broker.is_away = False
    agent = Agent(broker, tmp_path)
    tools.half(4.0)
    assert agent.client.flush(10)
    tools.half(5.0)
    agent.end()
    assert [record.value for record in broker.records("t")] == [b"x"]
    assert b'"autodev.dropped_reports":1' in values(broker)[-1]


@pytest.mark.parametrize("operation", ["peek", "skip", "remove"])
def test_a_spool_that_can_not_be_read_waits_for_the_next_process_and_recording_goes_on(
    operation: str, broker: MemoryBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    leave_behind(tmp_path, [OutgoingRecord("t", b"k", b"x")])
    broker.is_away = False
    with monkeypatch.context() as disk:
        disk.setattr(SpoolFile, operation, refuse)
        agent = Agent(broker, tmp_path)
        tools.half(4.0)
        assert agent.client.flush(10)
        agent.end()
    second = Agent(broker, tmp_path)
    assert second.client.ready(10)
    assert second.client.flush(10)
    second.end()
    assert broker.records("t")[-1].value == b"x"
    assert values(broker)


class Counting(MemoryTransport):
    sends = 0

    async def send(self, records: Sequence[OutgoingRecord]) -> int:
        self.sends += 1
        return await super().send(records)


def test_reports_that_follow_each_other_closely_are_sent_together(broker: MemoryBroker, tmp_path: Path) -> None:
    broker.is_away = False
    transport = Counting(broker)
    agent = Agent(broker, tmp_path, transport)
    assert agent.client.ready(10)
    began = time.monotonic()
    for _ in range(100):
        with pytest.raises(ValueError, match="negative"):
            tools.half(-1.0)
        time.sleep(0.001)
    assert agent.client.flush(10)
    at_most = 15 + (time.monotonic() - began) / 0.02
    agent.end()
    assert len(values(broker)) == 100
    assert transport.sends <= at_most

"""A disk that is full while the broker is away: what is lost is counted exactly, and what can be said later is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
import pytest

from autodev.ids import AgentId, TenantId
from autodev.sdk.client import Client
from autodev.sdk.delivery.spool_file import SpoolFile
from autodev.sdk.runtime import RUNTIME
from autodev.sdk.settings import Settings
from autodev.sdk.skills.registry import REGISTRY
from autodev.testing import MemoryBroker, MemoryTransport
from tests.unit.sdk import tools

FAILURES = 30


@pytest.fixture
def broker() -> MemoryBroker:
    return MemoryBroker(is_away=True)


@pytest.fixture
def client(broker: MemoryBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    def refuse(_file: SpoolFile, _lines: Sequence[bytes]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SpoolFile, "append", refuse)
    settings = Settings(TenantId("acme"), AgentId("pilot"), "memory", tmp_path)
    client = Client(settings, lambda _: MemoryTransport(broker), REGISTRY, lambda _: None)
    before = RUNTIME.use(client)
    yield client
    client.close()
    RUNTIME.use(before)
    for skill in REGISTRY:
        skill.forget()


def fail(client: Client, times: int) -> None:
    """So many failures, each lost by itself."""
    for _ in range(times):
        with pytest.raises(ValueError, match="negative"):
            tools.half(-1.0)
        client.flush(0.01)


def test_each_lost_report_is_told_once_though_those_that_told_of_it_were_lost_too(
    client: Client, broker: MemoryBroker
) -> None:
    fail(client, FAILURES)
    broker.is_away = False
    fail(client, 1)
    assert client.flush(10)
    events = [orjson.loads(record.value or b"") for record in broker.records("agent.skill.executed.v1")]
    told = sum(event["metadata"].get("autodev.dropped_reports", 0) for event in events)
    assert len([event for event in events if event["call"]]) + told >= FAILURES + 1


def test_failures_are_counted_exactly_though_their_reports_are_lost(client: Client, broker: MemoryBroker) -> None:
    fail(client, FAILURES)
    broker.is_away = False
    fail(client, 1)
    assert client.flush(10)
    events = [orjson.loads(record.value or b"") for record in broker.records("agent.skill.executed.v1")]
    assert sum(event["executions"] for event in events if not event["success"]) == FAILURES + 1


def test_a_source_whose_registration_was_lost_is_registered_with_the_next_report(
    client: Client, broker: MemoryBroker
) -> None:
    fail(client, FAILURES)
    broker.is_away = False
    fail(client, 1)
    assert client.flush(10)
    assert len(broker.records("agent.skill.registered.v1")) == 1

"""What the metrics tell of an outbox while the broker takes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from sqlalchemy import text

from autodev.events.record import OutgoingRecord
from autodev.stream.postgres import backlog
from tests.contract.stream.ledgers import SCHEMA
from tests.contract.stream.runtime import running
from tests.contract.stream.waiting import PATIENCE, eventually
from tests.integration.stream.office import Office, letter, opened

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@pytest.fixture
async def office(kafka_bootstrap: str, database_url: str) -> AsyncIterator[Office]:
    async with opened(kafka_bootstrap, database_url) as office:
        yield office


class Gauges:
    """The last values of the outbox's gauges."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._reader = InMemoryMetricReader()
        meter = MeterProvider(metric_readers=[self._reader], shutdown_on_exit=False).get_meter("test")
        monkeypatch.setattr(backlog, "OUTBOX_PENDING", meter.create_gauge("pending"))
        monkeypatch.setattr(backlog, "OUTBOX_OLDEST", meter.create_gauge("oldest"))

    def last(self, name: str) -> float | None:
        data = self._reader.get_metrics_data()
        points = [
            point.value  # type: ignore[union-attr]  # a gauge's points are numbers
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]
        return points[0] if points else None


@dataclass
class Refusing:
    """A broker that is away."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def publish(self, _records: Sequence[OutgoingRecord]) -> None:
        self.asked.set()
        raise ConnectionError("the broker is away")


async def test_all_that_waits_is_counted_while_the_broker_is_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    gauges = Gauges(monkeypatch)
    await office.post(*map(letter, range(1_200)))
    async with office.tested.ledger.engine.begin() as connection:
        await connection.execute(text(f"UPDATE {SCHEMA}.outbox SET created_at = now() - interval '1 hour'"))
    refusing = Refusing()
    async with running(office.relay(refusing).run()):
        await asyncio.wait_for(refusing.asked.wait(), PATIENCE)
        assert gauges.last("pending") == 1_200
        before = gauges.last("oldest") or 0
        assert 3_600 <= before < 3_700
        await office.post(letter(1_200))
        await eventually(lambda: gauges.last("pending") == 1_201)
        assert (gauges.last("oldest") or 0) > before


async def test_an_empty_outbox_has_nothing_pending_and_no_age(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    gauges = Gauges(monkeypatch)
    await office.post(letter(0))
    async with running(office.relay().run()):
        await office.all_marked()
        await eventually(lambda: (gauges.last("pending"), gauges.last("oldest")) == (0, 0))


async def test_services_ask_the_server_to_notice_when_they_vanish(office: Office) -> None:
    query = "SELECT DISTINCT source FROM pg_settings WHERE name ~ '^tcp_keepalives_(idle|interval|count)$'"
    async with office.tested.ledger.engine.connect() as connection:
        assert list(await connection.scalars(text(query))) == ["client"]

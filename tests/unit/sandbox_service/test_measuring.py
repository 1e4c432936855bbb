"""What the service's metrics tell of a generation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from autodev.ids import TenantId
from autodev.sandbox import Policy, RunReport, Usage, Verdict
from services.sandbox import measuring, slots, spending
from services.sandbox.domain.quota import Quota
from services.sandbox.measuring import measure_isolation, measure_runs
from services.sandbox.slots import FairSlots
from services.sandbox.spending import MeteredTenants

ACME, OTHER = TenantId("acme"), TenantId("other")


class Meter:
    """Instruments of an SDK of its own, in the places of the runtime's."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._reader = InMemoryMetricReader()
        self.provider = MeterProvider(metric_readers=[self._reader], shutdown_on_exit=False)
        meter = self.provider.get_meter("test")
        for module in (measuring, slots, spending):
            for name in [name for name in vars(module) if name.startswith("SANDBOX_")]:
                make = meter.create_counter if name == "SANDBOX_RUNS" else meter.create_histogram
                monkeypatch.setattr(module, name, make(name))

    def points(self, name: str) -> list[Any]:
        data = self._reader.get_metrics_data()
        if data is None:
            return []
        return [
            point
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name.lower()
            for point in metric.data.data_points
        ]


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Meter]:
    made = Meter(monkeypatch)
    yield made
    made.provider.shutdown()


def report(overshoot_seconds: float | None) -> RunReport:
    return RunReport(Verdict.OK, "", "told", Policy(), 2.0, (), Usage(), 0.5, overshoot_seconds)


def test_programs_that_share_an_isolation_took_one(meter: Meter) -> None:
    measure_runs([report(None), report(None), report(None)])
    [take], [duration] = meter.points("SANDBOX_TAKE"), meter.points("SANDBOX_DURATION")
    assert (take.count, take.sum, duration.count) == (1, 0.5, 3)
    assert take.attributes == {"engine": "told"}


def test_only_what_was_killed_at_a_deadline_was_late(meter: Meter) -> None:
    measure_isolation([report(None), report(0.25)])
    [late] = meter.points("SANDBOX_OVERSHOOT")
    assert (late.count, late.sum) == (1, 0.25)


async def test_the_wait_for_a_slot_is_from_the_asking_to_the_getting(meter: Meter) -> None:
    free = FairSlots(1)

    async def hold(tenant: TenantId) -> None:
        async with free.of(tenant):
            await asyncio.sleep(0.2)

    await asyncio.gather(hold(ACME), hold(OTHER))
    [wait] = meter.points("SANDBOX_QUEUE_WAIT")
    assert (wait.count, wait.attributes) == (2, {"for": "slot"})
    assert wait.min < 0.1
    assert 0.2 <= wait.max < 10


async def test_the_wait_for_a_quota_is_told_apart(meter: Meter) -> None:
    tenants = MeteredTenants(Quota(cpu_seconds=1, window_seconds=0.2))
    tenants.charge(ACME, Usage(cpu_seconds=2))
    await tenants.room(ACME)
    [wait] = meter.points("SANDBOX_QUEUE_WAIT")
    assert wait.attributes == {"for": "quota"}
    assert wait.sum >= 0.2

"""Event time goes on though nothing fails: ticks on the log itself, so that a replay closes windows where we did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from autodev.events.binary import to_record
from autodev.events.envelope import new_event
from autodev.events.models.failure import ClockTicked
from autodev.events.record import OutgoingRecord
from autodev.ids import TenantId
from services.analysis.domain.state import PartitionState


class IdleClocks:
    """How long each tenant's event time has stood still on one partition, by this process's clock."""

    def __init__(self) -> None:
        self._seen: dict[TenantId, tuple[int, float]] = {}

    def overdue(self, state: PartitionState, now: float) -> dict[TenantId, int]:
        """Tenants for whom something is due once the time they stood still is added, and the second that gives.

        `now` is in seconds of a monotonic clock. Ask only while no record of the partition waits to be read.
        """
        overdue: dict[TenantId, int] = {}
        for name, tenant in state.tenants.items():
            clock, since = self._seen.get(name, (None, now))
            if clock != tenant.clock:
                self._seen[name] = tenant.clock, now
                continue
            second = tenant.clock + int(now - since)
            if (due := tenant.next_due) is not None and due <= second:
                overdue[name] = second
        return overdue


def tick(seconds: Mapping[TenantId, int], source: str, partition: int) -> OutgoingRecord:
    """The record that moves these tenants' clocks on that one partition."""
    return replace(to_record(new_event(ClockTicked(seconds=dict(seconds)), source=source)), partition=partition)

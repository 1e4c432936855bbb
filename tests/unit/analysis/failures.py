"""Failures as ingestion combines them, and ticks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from autodev.events.models.base import EventData
from autodev.events.models.failure import ClockTicked, FailureBatched
from autodev.ids import AgentId, TenantId, case_id
from services.analysis.domain.fold import step
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing

D = TypeVar("D", bound=EventData)

NOON = 1_767_268_800
"""The start of a window."""
WINDOW = Windowing().length
CLOSED = WINDOW + Windowing().grace
"""Seconds after its start at which a window closes."""
RETENTION = Windowing().retention


def failure(
    second: int,
    signature: str = "KeyError in total",
    *,
    count: int = 1,
    agent: str = "agent",
    tenant: str = "acme",
    threshold: int = 2,
    within: int = 300,
) -> FailureBatched:
    return FailureBatched(
        tenant_id=TenantId(tenant),
        agent_id=AgentId(agent),
        signature=signature,
        case_id=case_id(TenantId(tenant), AgentId(agent), signature),
        error_type="KeyError",
        second=second,
        count=count,
        threshold=threshold,
        within_seconds=within,
    )


def complaint(second: int, description: str, *, agent: str = "agent", tenant: str = "acme") -> FailureBatched:
    """A failure with words only."""
    return FailureBatched(
        tenant_id=TenantId(tenant),
        agent_id=AgentId(agent),
        signature=None,
        case_id=None,
        description=description,
        error_type="TaskFailed",
        second=second,
        count=1,
    )


def tick(second: int, *tenants: str) -> ClockTicked:
    return ClockTicked(seconds={TenantId(tenant): second for tenant in tenants or ("acme",)})


def fold(events: Iterable[EventData], state: PartitionState | None = None) -> list[EventData]:
    """The results of all `events`, in order."""
    folded = state or PartitionState(Windowing())
    return [result.data for event in events for result in step(folded, event)]


def only(kind: type[D], results: Iterable[EventData]) -> list[D]:
    return [result for result in results if isinstance(result, kind)]

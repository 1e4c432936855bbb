"""Failures as ingestion combines them."""

from __future__ import annotations

from autodev.events.models.failure import FailureBatched
from autodev.ids import AgentId, TenantId, case_id

NOON = 1_767_268_800


def failure(
    signature: str, second: int, *, count: int = 1, agent: str = "agent", tenant: str = "acme"
) -> FailureBatched:
    return FailureBatched(
        tenant_id=TenantId(tenant),
        agent_id=AgentId(agent),
        signature=signature,
        case_id=case_id(TenantId(tenant), AgentId(agent), signature),
        error_type="KeyError",
        second=second,
        count=count,
    )

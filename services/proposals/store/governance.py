"""Workspaces' settings and the daily quota."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.workspace import WorkspaceConfigured
from autodev.ids import AgentId, TenantId
from services.proposals.tables import quota, workspace


async def configure(connection: AsyncConnection, configured: WorkspaceConfigured) -> None:
    settings = configured.settings.model_dump_json().encode()
    await connection.execute(
        insert(workspace)
        .values(tenant_id=configured.tenant_id, settings=settings)
        .on_conflict_do_update(index_elements=["tenant_id"], set_={"settings": settings})
    )


async def reserve(connection: AsyncConnection, tenant: TenantId, agent: AgentId, day: date, limit: int) -> bool:
    """Take one place of the day's quota; atomic, so that no number of replicas exceeds `limit`."""
    if limit < 1:
        return False
    statement = insert(quota).values(tenant_id=tenant, agent_id=agent, day=day, used=1)
    taken = await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "agent_id", "day"],
            set_={"used": quota.c.used + 1},
            where=quota.c.used < limit,
        )
    )
    return taken.rowcount == 1


async def release(connection: AsyncConnection, tenant: TenantId, agent: AgentId, day: date) -> None:
    """Give a place back: the case ended without asking for a promotion."""
    await connection.execute(
        update(quota)
        .where(quota.c.tenant_id == tenant, quota.c.agent_id == agent, quota.c.day == day, quota.c.used > 0)
        .values(used=quota.c.used - 1)
    )

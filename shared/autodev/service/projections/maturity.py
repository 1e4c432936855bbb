"""Agents' maturity, as `workspace.agent.granted` tells it."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Select, Table, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.workspace import AgentGranted, Capability, Maturity
from autodev.ids import AgentId, TenantId


def maturity_table(metadata: MetaData) -> Table:
    """The table `maturity` of a service's schema."""
    return Table(
        "maturity",
        metadata,
        Column("tenant_id", Text, primary_key=True),
        Column("agent_id", Text, primary_key=True),
        Column("capability", Text, primary_key=True),
        Column("maturity", Text, nullable=False),
    )


async def grant(connection: AsyncConnection, table: Table, granted: AgentGranted) -> None:
    values = {"maturity": granted.maturity.value}
    statement = insert(table).values(
        tenant_id=granted.tenant_id, agent_id=granted.agent_id, capability=granted.capability.value, **values
    )
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "agent_id", "capability"], set_=values)
    )


async def maturity_of(
    connection: AsyncConnection, table: Table, tenant: TenantId, agent: AgentId, capability: Capability
) -> Maturity:
    """How far the agent is trusted with `capability`."""
    return as_maturity(await connection.scalar(stored_maturity(table, tenant, agent, capability)))


def stored_maturity(table: Table, tenant: TenantId, agent: AgentId, capability: Capability) -> Select[tuple[str]]:
    """What `as_maturity` reads; no row if nobody has said anything."""
    return select(table.c.maturity).where(
        table.c.tenant_id == tenant, table.c.agent_id == agent, table.c.capability == capability.value
    )


def as_maturity(stored: str | None) -> Maturity:
    """A student until someone says otherwise."""
    return Maturity.STUDENT if stored is None else Maturity(stored)

"""What a workspace has learnt of operators; added to under its lock."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.ids import TenantId
from autodev.repair.search.experience import Count, Experience
from services.proposals.tables import operator_experience as table


async def of(connection: AsyncConnection, tenant: TenantId) -> Experience:
    experience = Experience()
    for row in await connection.execute(select(table).where(table.c.tenant_id == tenant)):
        experience.counts[row.operator, row.error] = Count(row.tried, row.right)
    return experience


async def add(connection: AsyncConnection, tenant: TenantId, gained: Experience) -> None:
    rows = [
        {"tenant_id": tenant, "operator": operator, "error": error, "tried": count.tried, "right": count.right}
        for (operator, error), count in sorted(gained.counts.items())
    ]
    if not rows:
        return
    statement = insert(table)
    added = {name: table.c[name] + statement.excluded[name] for name in ("tried", "right")}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "operator", "error"], set_=added), rows
    )

"""Every version of a skill that was ever promoted: what each grew from, and of which case it came."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.case import SkillPromoted
from autodev.ids import CaseId, Sha256, SkillName, TenantId
from services.proposals.tables import promoted_version as table


async def record(connection: AsyncConnection, version: SkillPromoted) -> bool:
    """Note `version`; whether the same code had been promoted for the skill before."""
    known = await case_of(connection, version.tenant_id, version.skill, version.code_hash)
    origin = {"replaces": version.replaces, "case_id": version.case_id}
    await connection.execute(
        insert(table)
        .values(tenant_id=version.tenant_id, skill_name=version.skill, code_hash=version.code_hash, **origin)
        .on_conflict_do_update(index_elements=["tenant_id", "skill_name", "code_hash"], set_=origin)
    )
    return known is not None


async def case_of(connection: AsyncConnection, tenant: TenantId, skill: SkillName, code_hash: Sha256) -> CaseId | None:
    """The case that the version was to fix."""
    found = await connection.scalar(
        select(table.c.case_id).where(
            table.c.tenant_id == tenant, table.c.skill_name == skill, table.c.code_hash == code_hash
        )
    )
    return None if found is None else CaseId(found)


async def ancestors(
    connection: AsyncConnection, tenant: TenantId, skill: SkillName, code_hash: Sha256 | None
) -> frozenset[Sha256 | None]:
    """What that version grew from, step by step back to the original, which is None and has no ancestor."""
    found = await connection.execute(
        select(table.c.code_hash, table.c.replaces).where(table.c.tenant_id == tenant, table.c.skill_name == skill)
    )
    parents: dict[Sha256, Sha256 | None] = {row.code_hash: row.replaces for row in found}
    passed: set[Sha256 | None] = set()
    while code_hash is not None:
        code_hash = parents.get(code_hash)
        if code_hash in passed:  # one code may be promoted again on top of what grew from it
            break
        passed.add(code_hash)
    return frozenset(passed)

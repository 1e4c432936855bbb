"""Sources of registered modules, and the promoted version of each skill."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.agent import SkillRegistered
from autodev.events.models.call import SkillRef
from autodev.events.models.case import SkillPromoted
from autodev.ids import Sha256, SkillName, TenantId
from services.proposals.domain.generation import Base
from services.proposals.tables import promoted_skill, skill_source


async def register(connection: AsyncConnection, registered: SkillRegistered) -> None:
    await connection.execute(
        insert(skill_source)
        .values(
            tenant_id=registered.tenant_id,
            content_hash=registered.content_hash,
            source=registered.source.encode(),
        )
        .on_conflict_do_nothing()
    )


async def promote(connection: AsyncConnection, promoted: SkillPromoted) -> None:
    values = {
        "tenant_id": promoted.tenant_id,
        "skill_name": promoted.skill,
        "code_hash": promoted.code_hash,
        "function_hash": promoted.function_hash,
        "code": promoted.code.encode(),
    }
    await connection.execute(
        insert(promoted_skill)
        .values(values)
        .on_conflict_do_update(index_elements=["tenant_id", "skill_name"], set_=values)
    )


async def withdraw(connection: AsyncConnection, tenant: TenantId, skill: SkillName) -> None:
    await connection.execute(
        delete(promoted_skill).where(promoted_skill.c.tenant_id == tenant, promoted_skill.c.skill_name == skill)
    )


async def base(connection: AsyncConnection, tenant: TenantId, skill: SkillRef, entrypoint: str) -> Base | None:
    """What candidates for `skill` grow from; None until its module has been registered.

    A promoted version of a function that its author has changed since is no base: the author's word counts.
    """
    source = await connection.scalar(
        select(skill_source.c.source).where(
            skill_source.c.tenant_id == tenant, skill_source.c.content_hash == skill.content_hash
        )
    )
    if source is None:
        return None
    current = (
        await connection.execute(
            select(promoted_skill).where(
                promoted_skill.c.tenant_id == tenant,
                promoted_skill.c.skill_name == skill.name,
                promoted_skill.c.function_hash == skill.function_hash,
            )
        )
    ).one_or_none()
    return Base(
        skill=skill,
        entrypoint=entrypoint,
        module_source=source.decode(),
        promoted=Sha256(current.code_hash) if current is not None else None,
        promoted_code=current.code.decode() if current is not None else None,
    )

"""Skills: what agents load, every version of it, and its way back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, status
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.call import Message, Person
from autodev.events.models.case import RollbackRequested, WithdrawalRequested
from autodev.ids import SkillField, SkillName
from services.console import store
from services.console.api.parameters import Accepted, Engine, Execute, Limit, Tenant, locked
from services.console.api.problems import PROBLEMS, not_found
from services.console.commands import Decision
from services.console.domain.review import withdrawable
from services.console.domain.skill import Skill, Version, VersionWithdrawal

router = APIRouter(prefix="/v1/tenants/{tenant}/skills", tags=["skills"], responses=PROBLEMS)
SkillKey = Annotated[SkillField, Path()]


class SkillSummary(BaseModel):
    skill: SkillName
    current: Version | None
    """None: agents run the original."""
    versions: int


class SkillDetail(BaseModel):
    skill: SkillName
    current: Version | None
    versions: tuple[Version, ...]
    withdrawals: tuple[VersionWithdrawal, ...]


class TakingBackBody(BaseModel):
    requested_by: Person
    reason: Message = ""


@router.get("")
async def list_skills(tenant: Tenant, engine: Engine, limit: Limit = 50) -> list[SkillSummary]:
    """The tenant's skills that were ever promoted, last changed first."""
    async with engine.connect() as connection:
        skills = await store.find(connection, Skill, tenant, limit=limit)
    return [SkillSummary(skill=each.skill, current=each.current, versions=len(each.versions)) for each in skills]


@router.get("/{skill}")
async def show_skill(tenant: Tenant, skill: SkillKey, engine: Engine) -> SkillDetail:
    """One skill with all its versions and withdrawals."""
    async with engine.connect() as connection:
        found = await store.get(connection, Skill, tenant, skill)
    if found is None:
        raise not_found("skill", skill)
    return SkillDetail(skill=found.skill, current=found.current, versions=found.versions, withdrawals=found.withdrawals)


@router.post("/{skill}/withdraw", status_code=status.HTTP_202_ACCEPTED)
async def withdraw(tenant: Tenant, skill: SkillKey, body: TakingBackBody, execute: Execute) -> Accepted:
    """Take the current version from the agents; they go back to the original."""

    async def decide(connection: AsyncConnection) -> Decision:
        found = await locked(connection, Skill, tenant, skill, "skill")
        version = withdrawable(found)
        return Decision(
            WithdrawalRequested(tenant_id=tenant, skill=skill, requested_by=body.requested_by, reason=body.reason),
            answers=(version.at,),
            case=version.case_id,
        )

    return await execute(decide)


@router.post("/{skill}/rollback", status_code=status.HTTP_202_ACCEPTED)
async def roll_back(tenant: Tenant, skill: SkillKey, body: TakingBackBody, execute: Execute) -> Accepted:
    """Take the current version from the agents; they go back to the version before, or to the original."""

    async def decide(connection: AsyncConnection) -> Decision:
        found = await locked(connection, Skill, tenant, skill, "skill")
        version = withdrawable(found)
        request = RollbackRequested(
            tenant_id=tenant,
            skill=skill,
            code_hash=version.code_hash,
            case_id=version.case_id,
            requested_by=body.requested_by,
            reason=body.reason,
        )
        return Decision(request, answers=(version.at,), case=version.case_id)

    return await execute(decide)

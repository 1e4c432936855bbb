"""What decides whether a case may be searched now: one question, since in a flood it is asked of every case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ARRAY, Text, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.case import CaseState
from autodev.events.models.workspace import AutoDevSettings, Capability, Maturity
from autodev.ids import AgentId, CaseId, SkillName, TenantId
from autodev.service.projections.maturity import as_maturity, stored_maturity
from services.proposals.tables import case, maturity, workspace


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one agent in its workspace."""

    settings: AutoDevSettings
    """The defaults, which are off, where nobody set any."""
    maturity: Maturity
    """In repairing skills."""
    searched: Mapping[SkillName, CaseId]
    """The workspace's skills that are being searched, each with its one case."""


async def standing_of(connection: AsyncConnection, tenant: TenantId, agent: AgentId) -> Standing:
    settings = select(workspace.c.settings).where(workspace.c.tenant_id == tenant)
    trusted = stored_maturity(maturity, tenant, agent, Capability.MEMENTO_SKILLS)
    pair = func.array_agg(array([case.c.skill_name, case.c.case_id]), type_=ARRAY(Text, dimensions=2))
    searched = select(pair).where(case.c.tenant_id == tenant, case.c.state == CaseState.SEARCHING.value)
    subqueries = (query.scalar_subquery() for query in (settings, trusted, searched))
    stored, known, pairs = (await connection.execute(select(*subqueries))).one()
    return Standing(
        AutoDevSettings() if stored is None else AutoDevSettings.model_validate_json(stored, extra="ignore"),
        as_maturity(known),
        {SkillName(skill): CaseId(case_id) for skill, case_id in pairs or ()},
    )

"""Cases: what fails, what was tried against it, and where that stands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from autodev.events.models.case import CanaryCounts, CaseState
from autodev.ids import AgentField, AgentId, CaseField, CaseId, SkillName
from services.console import store, stories
from services.console.api.candidates import CandidateSummary, summary_of
from services.console.api.parameters import Engine, Limit, Tenant
from services.console.api.problems import not_found
from services.console.domain.candidate import Candidate
from services.console.domain.case import Case, Change
from services.console.domain.pattern import Pattern, Trigger, Window
from services.console.domain.story.telling import Story
from services.console.report.page import POLICY, page

router = APIRouter(prefix="/v1/tenants/{tenant}/cases", tags=["cases"])
MAX_CANDIDATES = 500


class CaseSummary(BaseModel):
    case_id: CaseId
    agent_id: AgentId
    skill: SkillName | None
    error_type: str
    signature: str
    state: CaseState
    reason: str
    round: int
    generation: int
    candidates_tried: int
    first_failure_at: datetime
    changed_at: datetime
    canary: CanaryCounts | None
    """How its canary stands, or stood when counts decided."""


class CaseDetail(CaseSummary):
    history: tuple[Change, ...]
    candidates: list[CandidateSummary]
    windows: tuple[Window, ...]
    trigger: Trigger | None
    story: Story | None
    """Of the last round's search; None before there is one."""


@router.get("")
async def list_cases(
    tenant: Tenant,
    engine: Engine,
    state: CaseState | None = None,
    agent: AgentField | None = None,
    limit: Limit = 50,
) -> list[CaseSummary]:
    """The tenant's cases, last changed first."""
    async with engine.connect() as connection:
        cases = await store.find(connection, Case, tenant, limit=limit, state=state, agent_id=agent)
    return [CaseSummary(**_summary(case)) for case in cases]


@router.get("/{case_id}")
async def show_case(tenant: Tenant, case_id: Annotated[CaseField, Path()], engine: Engine) -> CaseDetail:
    """One case with its history, its candidates and its windows of failures."""
    async with engine.connect() as connection:
        case = await store.get(connection, Case, tenant, case_id)
        if case is None:
            raise not_found("case", case_id)
        candidates = await store.find(connection, Candidate, tenant, limit=MAX_CANDIDATES, case_id=case_id)
        pattern = await store.get(connection, Pattern, tenant, case_id)
        story = await stories.story_of(connection, tenant, case_id)
    return CaseDetail(
        **_summary(case),
        history=case.history,
        candidates=[summary_of(candidate) for candidate in candidates],
        windows=pattern.windows if pattern else (),
        trigger=pattern.trigger if pattern else None,
        story=story,
    )


@router.get("/{case_id}/report", response_class=HTMLResponse)
async def report_case(tenant: Tenant, case_id: Annotated[CaseField, Path()], engine: Engine) -> HTMLResponse:
    """The case as one page that needs nothing else: the story of its search, its lineage, and the chosen change."""
    async with engine.connect() as connection:
        case = await store.get(connection, Case, tenant, case_id)
        if case is None:
            raise not_found("case", case_id)
        story = await stories.story_of(connection, tenant, case_id)
        name = story.choice.candidate_id if story and story.choice else None
        chosen = await store.get(connection, Candidate, tenant, name) if name else None
    headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(page(case, story, chosen), headers=headers)


def _summary(case: Case) -> dict[str, object]:
    last = case.history[-1]
    return {
        **case.model_dump(exclude={"tenant_id", "history"}),
        **last.model_dump(exclude={"event_id", "previous"}),
    }

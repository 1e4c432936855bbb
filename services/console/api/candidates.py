"""Candidates: their code, what it is worth, and a reviewer's answer."""

from __future__ import annotations

from fastapi import APIRouter, status
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.call import Message, Person
from autodev.events.models.case import ApprovalDecided
from autodev.events.models.search import CandidateScore
from autodev.ids import AgentId, CandidateId, CaseField, CaseId, Sha256, SkillName, TenantId
from services.console import store
from services.console.api.parameters import Accepted, CandidateKey, Engine, Execute, Limit, Tenant, locked
from services.console.api.problems import PROBLEMS, not_found
from services.console.commands import Decision
from services.console.domain.candidate import Candidate, CandidateState, Promotion, Request, Review, Withdrawal
from services.console.domain.difference import unified
from services.console.domain.review import check_approvable, check_rejectable

router = APIRouter(prefix="/v1/tenants/{tenant}/candidates", tags=["candidates"], responses=PROBLEMS)


class CandidateSummary(BaseModel):
    candidate_id: CandidateId
    case_id: CaseId
    state: CandidateState
    skill: SkillName | None
    """None, like every field of the proposal, until that is read from its own topic."""
    agent_id: AgentId | None
    operator: str | None
    description: str | None
    fitness: float | None
    why: str
    """Why its score, or the request for approval, is what it is."""
    chosen: bool
    """The best of its generation."""
    awaits_approval: bool


class CandidateDetail(CandidateSummary):
    entrypoint: str | None
    code: str | None
    code_hash: Sha256 | None
    diff: str
    score: CandidateScore | None
    request: Request | None
    review: Review | None
    promotion: Promotion | None
    withdrawal: Withdrawal | None


class ReviewBody(BaseModel):
    reviewer: Person
    comment: Message = ""


@router.get("")
async def list_candidates(
    tenant: Tenant,
    engine: Engine,
    case_id: CaseField | None = None,
    state: CandidateState | None = None,
    limit: Limit = 50,
) -> list[CandidateSummary]:
    """The tenant's candidates, last changed first."""
    async with engine.connect() as connection:
        found = await store.find(connection, Candidate, tenant, limit=limit, case_id=case_id, state=state)
    return [summary_of(candidate) for candidate in found]


@router.get("/{candidate_id}")
async def show_candidate(tenant: Tenant, candidate_id: CandidateKey, engine: Engine) -> CandidateDetail:
    """One candidate with its code, its diff and all that was decided about it."""
    async with engine.connect() as connection:
        candidate = await store.get(connection, Candidate, tenant, candidate_id)
    if candidate is None:
        raise not_found("candidate", candidate_id)
    proposal = candidate.proposal
    return CandidateDetail(
        **summary_of(candidate).model_dump(),
        entrypoint=proposal.entrypoint if proposal else None,
        code=proposal.code if proposal else None,
        code_hash=proposal.code_hash if proposal else None,
        diff=unified(proposal.base_code, proposal.code, f"{proposal.skill}.py") if proposal else "",
        score=candidate.scored.score if candidate.scored else None,
        request=candidate.request,
        review=candidate.review,
        promotion=candidate.promotion,
        withdrawal=candidate.withdrawal,
    )


@router.post("/{candidate_id}/approve", status_code=status.HTTP_202_ACCEPTED)
async def approve(tenant: Tenant, candidate_id: CandidateKey, body: ReviewBody, execute: Execute) -> Accepted:
    """Have it promoted. Needs a scored run, and approval asked for or an earlier promotion rolled back."""

    async def decide(connection: AsyncConnection) -> Decision:
        candidate = await locked(connection, Candidate, tenant, candidate_id, "candidate")
        check_approvable(candidate)
        return _decision(tenant, candidate, body, approved=True)

    return await execute(decide)


@router.post("/{candidate_id}/reject", status_code=status.HTTP_202_ACCEPTED)
async def reject(tenant: Tenant, candidate_id: CandidateKey, body: ReviewBody, execute: Execute) -> Accepted:
    """Refuse a validated candidate."""

    async def decide(connection: AsyncConnection) -> Decision:
        candidate = await locked(connection, Candidate, tenant, candidate_id, "candidate")
        check_rejectable(candidate)
        return _decision(tenant, candidate, body, approved=False)

    return await execute(decide)


def summary_of(candidate: Candidate) -> CandidateSummary:
    proposal, scored, request = candidate.proposal, candidate.scored, candidate.request
    return CandidateSummary(
        candidate_id=candidate.candidate_id,
        case_id=candidate.case_id,
        state=candidate.state,
        skill=proposal.skill if proposal else None,
        agent_id=proposal.agent_id if proposal else None,
        operator=proposal.operator if proposal else None,
        description=proposal.description if proposal else None,
        fitness=scored.score.fitness if scored else None,
        why=request.reason if request and candidate.awaits_approval else scored.score.reason if scored else "",
        chosen=scored is not None and scored.chosen,
        awaits_approval=candidate.awaits_approval,
    )


def _decision(tenant: TenantId, candidate: Candidate, body: ReviewBody, *, approved: bool) -> Decision:
    facts = (candidate.request, candidate.review, candidate.promotion, candidate.withdrawal)
    return Decision(
        ApprovalDecided(
            tenant_id=tenant,
            case_id=candidate.case_id,
            candidate_id=candidate.candidate_id,
            approved=approved,
            reviewer=body.reviewer,
            comment=body.comment,
        ),
        answers=tuple(fact.at for fact in facts if fact),
        case=candidate.case_id,
    )

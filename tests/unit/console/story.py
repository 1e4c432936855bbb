"""One case from its first failure to a withdrawn fix, as the events that the other services publish."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from autodev.events.catalogue import EVENT_TYPES
from autodev.events.envelope import Event, new_event
from autodev.events.models.base import EventData
from autodev.events.models.call import Arguments, Raised, SkillRef
from autodev.events.models.case import (
    ApprovalDecided,
    ApprovalRequested,
    CanaryCounts,
    CaseChanged,
    CaseState,
    SkillPromoted,
    SkillWithdrawn,
)
from autodev.events.models.failure import FailureWindowed, LearningRequested
from autodev.events.models.search import (
    Candidate,
    CandidateScore,
    CandidatesProposed,
    CandidatesScored,
    Decision,
    EvidenceCall,
    Role,
    Share,
)
from autodev.events.models.workspace import AgentGranted, AutoDevSettings, Capability, Maturity, WorkspaceConfigured
from autodev.ids import AgentId, CallId, CandidateId, SkillName, TenantId, candidate_id, case_id, sha256

TENANT: Final = TenantId("acme")
AGENT: Final = AgentId("planner")
CASE: Final = case_id(TENANT, AGENT, "signature")
SKILL: Final = SkillName("tools.speed")
BASE: Final = "def speed(km, minutes):\n    return km / minutes\n"
FIX: Final = "def speed(km, minutes):\n    if not minutes:\n        return None\n    return km / minutes\n"
WORSE: Final = "def speed(km, minutes):\n    return None\n"
GOOD: Final = candidate_id(CASE, sha256(FIX))
BAD: Final = candidate_id(CASE, sha256(WORSE))
START: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REF: Final = SkillRef(name=SKILL, content_hash=sha256(BASE), function_hash=sha256(BASE))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def event(data: EventData, seconds: float = 0) -> Event[Any]:
    return replace(new_event(data, source="/services/test"), time=at(seconds))


COUNTS: Final = CanaryCounts(executions=8, good=7, recurrences=1, needed=38, before_executions=40, before_recurrences=5)


def changed(
    state: CaseState,
    previous: CaseState | None = None,
    *,
    round_: int = 1,
    reason: str = "",
    canary: CanaryCounts | None = None,
) -> CaseChanged:
    return CaseChanged(
        tenant_id=TENANT,
        agent_id=AGENT,
        case_id=CASE,
        round=round_,
        previous=previous,
        state=state,
        reason=reason,
        signature="signature",
        error_type="ZeroDivisionError",
        skill=REF,
        generation=1,
        candidates_tried=2,
        first_failure_at=START,
        changed_at=START,
        canary=canary,
    )


def requested_learning() -> LearningRequested:
    return LearningRequested(
        tenant_id=TENANT,
        agent_id=AGENT,
        case_id=CASE,
        signature="signature",
        skill=REF,
        error_type="ZeroDivisionError",
        count=2,
        within_seconds=300,
        first_failure_at=START,
        last_failure_at=START,
    )


def windowed(count: int, revision: int = 1, *, start: datetime = START) -> FailureWindowed:
    return FailureWindowed(
        tenant_id=TENANT,
        agent_id=AGENT,
        case_id=CASE,
        signature="signature",
        skill=REF,
        error_type="ZeroDivisionError",
        window_start=start,
        window_end=start + timedelta(seconds=300),
        count=count,
        revision=revision,
    )


def proposed(*codes: str | None, round_: int = 1, generation: int = 1) -> CandidatesProposed:
    return CandidatesProposed(
        tenant_id=TENANT,
        agent_id=AGENT,
        case_id=CASE,
        round=round_,
        generation=generation,
        skill=REF,
        entrypoint="speed",
        module_source=BASE,
        base_code=BASE,
        base_promoted=None,
        candidates=tuple(
            Candidate(
                candidate_id=candidate_id(CASE, sha256(code or BASE)),
                code=code,
                code_hash=sha256(code or BASE),
                operator="guard",
                description="return None where the divisor is zero",
                size=2,
                risk=0.1,
            )
            for code in codes
        ),
        evidence=(
            EvidenceCall(
                call_id=CallId("call"),
                role=Role.FAILING,
                share=Share.SEARCH,
                arguments=Arguments(args=(1, 0)),
                recorded=Raised(type="ZeroDivisionError"),
            ),
        ),
        first_failure_at=START,
    )


def score(candidate: CandidateId, *, plausible: bool) -> CandidateScore:
    return CandidateScore(
        candidate_id=candidate,
        fixed=3 if plausible else 0,
        failing=3,
        kept=5,
        passing=5,
        held_out_passed=2,
        held_out=2,
        oracle_calls=3,
        nones=3,
        latency_ratio=1.0,
        size=2,
        risk=0.1,
        fitness=0.9 if plausible else 0.1,
        plausible=plausible,
        reason="fixed 3 of 3" if plausible else "fixed 0 of 3",
    )


def scored(*scores: CandidateScore, round_: int = 1, generation: int = 1) -> CandidatesScored:
    return CandidatesScored(
        tenant_id=TENANT,
        agent_id=AGENT,
        case_id=CASE,
        round=round_,
        generation=generation,
        skill=REF,
        decision=Decision.APPROVAL_REQUESTED,
        reason="no held-out failing call",
        sound_calls=(CallId("call"),),
        scores=scores,
        chosen=GOOD,
    )


def requested_approval() -> ApprovalRequested:
    return ApprovalRequested(
        tenant_id=TENANT,
        agent_id=AGENT,
        case_id=CASE,
        candidate_id=GOOD,
        skill=REF,
        score=score(GOOD, plausible=True),
        reason="no held-out failing call",
    )


def reviewed(*, approved: bool) -> ApprovalDecided:
    return ApprovalDecided(
        tenant_id=TENANT, case_id=CASE, candidate_id=GOOD, approved=approved, reviewer="ada", comment="reads well"
    )


def promoted(version: str = "1.0.0", *, code: str = FIX) -> SkillPromoted:
    return SkillPromoted(
        tenant_id=TENANT,
        skill=SKILL,
        entrypoint="speed",
        version=version,
        code=code,
        code_hash=sha256(code),
        content_hash=sha256(BASE),
        function_hash=sha256(BASE),
        replaces=None,
        case_id=CASE,
        candidate_id=candidate_id(CASE, sha256(code)),
        agent_id=AGENT,
        approved_by="ada",
        first_failure_at=START,
        promoted_at=START,
    )


def tombstone(seconds: float = 0) -> Event[Any]:
    promotion = event(promoted(), seconds)
    return replace(promotion, id=event(promoted()).id, data=None, type=EVENT_TYPES["dev.autodev.skill.promoted.v1"])


def withdrawn(version: str | None = None) -> SkillWithdrawn:
    return SkillWithdrawn(
        tenant_id=TENANT,
        skill=SKILL,
        code_hash=sha256(FIX),
        case_id=CASE,
        candidate_id=GOOD,
        requested_by="ada",
        reason="wrong unit",
        version=version,
    )


def configured(*, enabled: bool) -> WorkspaceConfigured:
    return WorkspaceConfigured(tenant_id=TENANT, settings=AutoDevSettings(enabled=enabled), changed_by="ada")


def granted(maturity: Maturity) -> AgentGranted:
    return AgentGranted(
        tenant_id=TENANT,
        agent_id=AGENT,
        capability=Capability.MEMENTO_SKILLS,
        maturity=maturity,
        granted_by="ada",
        reason="trial",
    )


def whole_story() -> list[Event[Any]]:
    """From the first failure to a version that was approved, withdrawn and approved again."""
    return [
        event(configured(enabled=False), 0),
        event(configured(enabled=True), 1),
        event(granted(Maturity.STUDENT), 1),
        event(granted(Maturity.INTERN), 2),
        event(requested_learning(), 10),
        event(changed(CaseState.OPEN), 10),
        event(changed(CaseState.SEARCHING, CaseState.OPEN), 10),
        event(windowed(2), 10),
        event(windowed(3, revision=2), 10),
        event(proposed(None, generation=0), 10),
        event(scored(generation=0), 10),
        event(proposed(FIX, WORSE), 10),
        event(scored(score(GOOD, plausible=True), score(BAD, plausible=False)), 10),
        event(requested_approval(), 10),
        event(changed(CaseState.AWAITING_APPROVAL, CaseState.SEARCHING), 10),
        event(reviewed(approved=True), 20),
        event(promoted("1.0.0"), 20),
        event(changed(CaseState.CANARY, CaseState.AWAITING_APPROVAL, canary=COUNTS), 20),
        tombstone(30),
        event(withdrawn(), 30),
        event(changed(CaseState.ROLLED_BACK, CaseState.CANARY), 30),
        event(reviewed(approved=True), 40),
        event(promoted("1.0.1"), 40),
        event(changed(CaseState.CANARY, CaseState.ROLLED_BACK), 40),
        event(changed(CaseState.OPEN, CaseState.CANARY, round_=2), 50),
    ]

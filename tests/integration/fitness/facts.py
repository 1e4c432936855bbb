"""What the sandbox saw: generations of a case with the facts of every run."""

from __future__ import annotations

from typing import Any, Final

from autodev.events.envelope import Event
from autodev.events.models.call import Arguments, CallOutcome, Returned
from autodev.events.models.search import (
    CallRun,
    Candidate,
    CandidateRun,
    CandidatesExecuted,
    EvidenceCall,
    PropertyVerdict,
    Role,
    Share,
    Verdict,
)
from autodev.ids import AgentId, CallId, CandidateId, CaseId, Sha256, TenantId, candidate_id, sha256
from tests.integration.loopback import speed

Answers = dict[str, tuple[CallOutcome, PropertyVerdict]]
GOOD: Final = Returned(value=30.0)
CALLS: Final = {
    "fail-1": (Role.FAILING, Share.SEARCH, speed.ZERO),
    "fail-2": (Role.FAILING, Share.HELD_OUT, speed.ZERO),
    "good-1": (Role.PASSING, Share.SEARCH, GOOD),
}
FAILS: Final[Answers] = {
    "fail-1": (speed.ZERO, PropertyVerdict.ABSENT),
    "fail-2": (speed.ZERO, PropertyVerdict.ABSENT),
    "good-1": (GOOD, PropertyVerdict.HELD),
}


def right(checked: PropertyVerdict = PropertyVerdict.HELD) -> Answers:
    """Every failing call answered, every good one kept; `checked` is the property's word on the answers."""
    fixed = (Returned(value=None), checked)
    return {"fail-1": fixed, "fail-2": fixed, "good-1": (GOOD, PropertyVerdict.HELD)}


def code(name: str) -> str:
    return f"def speed(flight):\n    return None  # {name}\n"


def id_of(name: str, case: CaseId | None = None) -> CandidateId:
    return candidate_id(case or speed.case_of(), sha256(code(name)))


def executed(
    name: str = "fix",
    answers: Answers | None = None,
    *,
    base: Answers | None = None,
    generation: int = 1,
    grown_from: str | None = None,
    signature: str = "zero",
    tenant: TenantId = speed.TENANT,
    agent: AgentId = speed.AGENT,
    function_hash: Sha256 | None = None,
) -> Event[CandidatesExecuted]:
    """A generation with one candidate beside the base, right on every call unless `answers` say otherwise."""
    case = speed.case_of(signature, tenant, agent)
    base_code = speed.FUNCTION if grown_from is None else code(grown_from)
    candidates = [_candidate(case, None, base_code)] + ([_candidate(case, code(name), "")] if generation else [])
    runs = [_run(candidates[0], base or FAILS)] + [_run(each, answers or right()) for each in candidates[1:]]
    data = CandidatesExecuted(
        tenant_id=tenant,
        agent_id=agent,
        case_id=case,
        round=1,
        generation=generation,
        skill=speed.SKILL.model_copy(update={"function_hash": function_hash or speed.SKILL.function_hash}),
        entrypoint="speed",
        module_source=speed.MODULE,
        base_code=base_code,
        base_promoted=sha256(base_code) if grown_from is not None else None,
        candidates=tuple(candidates),
        evidence=tuple(
            EvidenceCall(call_id=CallId(call), role=role, share=share, arguments=Arguments(), recorded=recorded)
            for call, (role, share, recorded) in CALLS.items()
        ),
        first_failure_at=speed.AT,
        engine="none",
        runs=tuple(runs),
    )
    return speed.said(data, case)


def _candidate(case: CaseId, text: str | None, base_code: str) -> Candidate:
    code_hash = sha256(text if text is not None else base_code)
    fields: dict[str, Any] = {"operator": "guard", "description": "returns None for a zero", "size": 8, "risk": 0.1}
    return Candidate(candidate_id=candidate_id(case, code_hash), code=text, code_hash=code_hash, **fields)


def _run(of: Candidate, answers: Answers) -> CandidateRun:
    calls = tuple(
        CallRun(call_id=CallId(call), verdict=Verdict.OK, outcome=outcome, seconds=0.001, property=checked)
        for call, (outcome, checked) in answers.items()
    )
    return CandidateRun(candidate_id=of.candidate_id, verdict=Verdict.OK, seconds=0.01, calls=calls)

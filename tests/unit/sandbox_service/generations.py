"""Generations, and an engine of which all is known beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from autodev.events.models.call import Arguments, CallOutcome, Raised, Returned, SkillRef
from autodev.events.models.search import Candidate, CandidatesProposed, EvidenceCall, Role, Share
from autodev.ids import AgentId, CallId, CandidateId, CaseId, Sha256, TenantId
from autodev.sandbox import (
    CallFacts,
    CallInput,
    Policy,
    Program,
    PropertyFacts,
    PropertyInput,
    PropertyReport,
    PropertyVerdict,
    RunReport,
    Usage,
    Verdict,
)

RAISED = Raised(type="ValueError", message="could not convert string to float: 'NA'")
FAILING, PASSING = CallId("failing"), CallId("passing")

Behaviour = Mapping[CallId, Any]
"""What each call comes to: an outcome, a verdict without one, or else the value it returns."""
BASE: Behaviour = {FAILING: RAISED, PASSING: 1.5}
RIGHT: Behaviour = {FAILING: None, PASSING: 1.5}
WRONG: Behaviour = {FAILING: RAISED, PASSING: 1.5}


def candidate(code: str | None, *, name: str | None = None, risk: float = 0.1, size: int = 5) -> Candidate:
    return Candidate(
        candidate_id=CandidateId(name or code or "base"),
        code=code,
        code_hash=Sha256("a" * 64),
        operator="guard",
        description="a guard",
        size=size,
        risk=risk,
    )


def evidence(call_id: CallId, role: Role, recorded: CallOutcome) -> EvidenceCall:
    return EvidenceCall(
        call_id=call_id, role=role, share=Share.SEARCH, arguments=Arguments(args=(call_id,)), recorded=recorded
    )


EVIDENCE = (
    evidence(FAILING, Role.FAILING, RAISED),
    evidence(PASSING, Role.PASSING, Returned(value=1.5)),
)


def generation(*candidates: Candidate, calls: Sequence[EvidenceCall] = EVIDENCE) -> CandidatesProposed:
    return CandidatesProposed(
        tenant_id=TenantId("acme"),
        agent_id=AgentId("scout"),
        case_id=CaseId("case"),
        round=1,
        generation=len(candidates),
        skill=SkillRef(name="speed", content_hash="a" * 64, function_hash="b" * 64),
        entrypoint="speed",
        module_source="def speed(x): ...",
        base_code="def speed(x): ...",
        base_promoted=None,
        candidates=(candidate(None), *candidates),
        evidence=tuple(calls),
        first_failure_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


@dataclass
class ToldEngine:
    """Runs nothing: answers as told, and remembers what it was asked."""

    together: Mapping[str | None, Behaviour]
    alone: Mapping[str | None, Behaviour] = field(default_factory=dict)
    """Where it differs from what a program does together with others."""
    refused: Sequence[Any] = ()
    """Values that the property check refuses."""
    searches: list[list[str | None]] = field(default_factory=list)
    runs: list[str | None] = field(default_factory=list)
    checks: list[list[PropertyInput]] = field(default_factory=list)
    name: str = "told"
    image: str | None = None
    usage: Usage = field(default_factory=Usage)
    """Of every run."""

    def close(self) -> None:
        """Nothing is kept."""

    async def run(self, program: Program, calls: Sequence[CallInput], policy: Policy) -> RunReport:
        self.runs.append(program.replacement)
        behaviour = self.alone.get(program.replacement) or self.together[program.replacement]
        return self._report(behaviour, calls, policy)

    async def search(
        self,
        module_source: str,
        entrypoint: str,
        replacements: Sequence[str | None],
        calls: Sequence[CallInput],
        policy: Policy,
    ) -> Sequence[RunReport]:
        assert module_source, entrypoint
        self.searches.append(list(replacements))
        return [self._report(self.together[replacement], calls, policy) for replacement in replacements]

    async def check_properties(
        self, program: Program, checks: Sequence[PropertyInput], policy: Policy
    ) -> PropertyReport:
        assert program.replacement is None
        self.checks.append(list(checks))
        verdicts = [
            PropertyVerdict.VIOLATED if each.result in self.refused else PropertyVerdict.HELD for each in checks
        ]
        facts = tuple(PropertyFacts(each.call_id, verdict) for each, verdict in zip(checks, verdicts, strict=True))
        return PropertyReport(Verdict.OK, "", self.name, policy, 0.1, facts, self.usage)

    def _report(self, behaviour: Behaviour, calls: Sequence[CallInput], policy: Policy) -> RunReport:
        facts = tuple(_facts(call.call_id, behaviour[CallId(call.call_id)]) for call in calls)
        return RunReport(Verdict.OK, "", self.name, policy, 0.1, facts, self.usage)


def _facts(call_id: str, told: Any) -> CallFacts:
    if isinstance(told, Verdict):
        return CallFacts(call_id, told)
    if isinstance(told, Raised):
        return CallFacts(call_id, Verdict.GUEST_ERROR, told)
    return CallFacts(call_id, Verdict.OK, Returned(value=told))

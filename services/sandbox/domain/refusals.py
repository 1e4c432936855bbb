"""What the gate's findings mean for a candidate: refused without a run, with the report that a run would have given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from autodev.events.models.call import Raised
from autodev.events.models.search import CandidateRun
from autodev.ids import CandidateId
from autodev.sandbox import CallFacts, Policy, RunReport, Verdict
from autodev.sandbox.gate import Finding, Reason

_MAX_ADVICE = 1_000


@dataclass(frozen=True, slots=True)
class Inspected:
    refused: Mapping[CandidateId, RunReport] = field(default_factory=dict)
    """Candidates that no isolation is used for, with the reports that a run would have given."""
    advice: Mapping[CandidateId, str] = field(default_factory=dict)

    def advised(self, run: CandidateRun) -> CandidateRun:
        """`run` with the advice on its candidate, where it has no message of its own."""
        message = run.message or self.advice.get(CandidateId(run.candidate_id), "")
        return run.model_copy(update={"message": message})


NOTHING_KNOWN: Final = Inspected()


def refusal(findings: Iterable[Finding], *, imports: bool) -> Finding | None:
    """For which a candidate is refused: what an isolation would only repeat, with `imports` also a forbidden import.

    None of the others: what only a run can tell, a run has to tell.
    """
    for finding in findings:
        if finding.is_certain or (imports and finding.reason is Reason.FORBIDDEN_IMPORT):
            return finding
    return None


def without_imports(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Of the unmodified skill: it is the agent's own, so what it imports nobody proposes."""
    return tuple(finding for finding in findings if finding.reason is not Reason.FORBIDDEN_IMPORT)


def refused(finding: Finding, call_ids: Sequence[str], engine: str, policy: Policy) -> RunReport:
    """As if each call had raised what it would have raised, in the same words."""
    outcome = Raised(type=finding.raises or "ImportError", message=finding.message)
    calls = tuple(CallFacts(call_id, Verdict.GUEST_ERROR, outcome) for call_id in call_ids)
    message = _legible(f"refused without a run, {finding.reason}: {finding.message}")
    return RunReport(Verdict.GUEST_ERROR, message, engine, policy, 0.0, calls)


def advice(findings: Iterable[Finding]) -> str:
    """The forbidden imports of a candidate that runs all the same; empty if it has none."""
    messages = [finding.message for finding in findings if finding.reason is Reason.FORBIDDEN_IMPORT]
    return _legible("; ".join(messages))[:_MAX_ADVICE]


def _legible(text: str) -> str:
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)

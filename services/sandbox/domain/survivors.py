"""Which candidates survive the cheap run that all share, and so are run again, each alone.

Who does not survive is reported by what it did in the shared run, which is no proof. So it must have failed on a call
that counts as evidence, or it could be promoted on that report: the rules here are those by which fitness judges,
never stricter, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping

from autodev.comparison import same_value
from autodev.events.models.call import CallOutcome, Raised, Returned
from autodev.events.models.search import (
    CallRun,
    Candidate,
    CandidateRun,
    EvidenceCall,
    Generation,
    PropertyVerdict,
    Role,
    Verdict,
)
from autodev.ids import CandidateId
from autodev.values import ValueCodecError, decode


def survivors(generation: Generation, runs: Mapping[CandidateId, CandidateRun]) -> list[Candidate]:
    """Candidates, the base apart, that are right on every call on which the base gave the recorded outcome again.

    Those that fitness would rather take come first: vouched for by an oracle, then of less risk, then smaller.
    """
    base, *candidates = generation.candidates
    surviving = [each for each in candidates if is_right(generation, runs[each.candidate_id], runs[base.candidate_id])]
    return sorted(surviving, key=lambda each: (not _vouched(generation, runs[each.candidate_id]), each.risk, each.size))


def is_right(generation: Generation, run: CandidateRun, base: CandidateRun) -> bool:
    """Whether nothing refuses what `run` did on the calls that the base's run shows to be evidence."""
    ran = {call.call_id: call for call in run.calls}
    return all(
        _right(call, ran[call.call_id], base_call)
        for call, base_call in zip(generation.evidence, base.calls, strict=True)
        if _reproduced(call, base_call)
    )


def not_run_alone(run: CandidateRun) -> CandidateRun:
    """The report on a survivor that others went before: nothing in it can be taken for a proof."""
    calls = tuple(
        CallRun(call_id=call.call_id, verdict=Verdict.NO_RESULT, outcome=None, seconds=call.seconds)
        for call in run.calls
    )
    message = "right in the shared run, but not run alone: candidates that go before it were"
    return CandidateRun(
        candidate_id=run.candidate_id, verdict=Verdict.NO_RESULT, message=message, seconds=run.seconds, calls=calls
    )


def _reproduced(call: EvidenceCall, base: CallRun) -> bool:
    refused = base.property is PropertyVerdict.VIOLATED
    if call.role is Role.REGRESSION:
        return isinstance(base.outcome, Returned) and not refused
    if isinstance(call.recorded, Raised):
        return isinstance(base.outcome, Raised) and base.outcome.type == call.recorded.type
    wrong = refused or (call.expected is not None and not _same(base.outcome, Returned(value=call.expected.value)))
    return _same(base.outcome, call.recorded) and (wrong if call.role is Role.FAILING else not refused)


def _right(call: EvidenceCall, run: CallRun, base: CallRun) -> bool:
    if run.verdict is not Verdict.OK or not isinstance(run.outcome, Returned):
        return False
    if run.property in (PropertyVerdict.VIOLATED, PropertyVerdict.BROKEN):
        return False
    if call.role is Role.FAILING:
        return call.expected is None or _same(run.outcome, Returned(value=call.expected.value))
    return _same(run.outcome, call.recorded if call.role is Role.PASSING else base.outcome)


def _vouched(generation: Generation, run: CandidateRun) -> bool:
    return all(
        ran.property is PropertyVerdict.HELD or call.expected is not None
        for call, ran in zip(generation.evidence, run.calls, strict=True)
        if call.role is Role.FAILING
    )


def _same(actual: CallOutcome | None, expected: CallOutcome | None) -> bool:
    if not isinstance(actual, Returned) or not isinstance(expected, Returned):
        return False
    try:
        return same_value(decode(actual.value), decode(expected.value))
    except ValueCodecError:
        return False

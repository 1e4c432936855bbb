"""Which candidates survive the cheap run that all share, and so are run again, each alone.

Who does not survive is reported by what it did in the shared run, which is no proof. So it must have failed on a call
that counts as evidence, or it could be promoted on that report: the rules are those by which fitness judges.
"""

from __future__ import annotations

from collections.abc import Mapping

from autodev.events.models.search import (
    CallRun,
    Candidate,
    CandidateRun,
    Generation,
    Role,
    Verdict,
)
from autodev.ids import CandidateId
from autodev.judging import is_sound, judge
from autodev.protection import touches_protected


def survivors(generation: Generation, runs: Mapping[CandidateId, CandidateRun]) -> list[Candidate]:
    """Candidates, the base apart, that are right on every call on which the base gave the recorded outcome again.

    In the order in which fitness would take them: those that governance allows, vouched for by an oracle, then of less
    risk, then smaller.
    """
    base = runs[generation.candidates[0].candidate_id]
    surviving = [each for each in generation.candidates[1:] if is_right(generation, runs[each.candidate_id], base)]
    return sorted(
        surviving,
        key=lambda each: (
            touches_protected(each.code or "", generation.base_code),
            not _vouched(generation, runs[each.candidate_id], base),
            each.risk,
            each.size,
        ),
    )


def is_right(generation: Generation, run: CandidateRun, base: CandidateRun) -> bool:
    """Whether nothing refuses what `run` did on the calls that the base's run shows to be evidence."""
    ran = {call.call_id: call for call in run.calls}
    return all(
        judge(call, ran[call.call_id], base_call).right
        for call, base_call in zip(generation.evidence, base.calls, strict=True)
        if is_sound(call, base_call)
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


def _vouched(generation: Generation, run: CandidateRun, base: CandidateRun) -> bool:
    return all(
        judge(call, ran, base_call).vouched
        for call, ran, base_call in zip(generation.evidence, run.calls, base.calls, strict=True)
        if call.role is Role.FAILING and is_sound(call, base_call)
    )

"""How near to right a candidate comes that is not: what a search goes by. Over the search part of sound calls alone."""

from __future__ import annotations

from autodev.events.models.call import Returned
from autodev.events.models.search import CallRun, CandidateRun, EvidenceCall, Generation, Role, Share
from autodev.judging import is_sound, judge
from autodev.repair.search.case import Case, Expected
from autodev.repair.search.outcome import Kind, Outcome
from autodev.values import ValueCodecError, decode

_ANSWERS = 0.1
"""Of an answer that is refused, nobody knows what for: better than none."""


def searched(generation: Generation, base: CandidateRun) -> list[tuple[EvidenceCall, CallRun]]:
    """The calls that a search goes by, each with the unmodified skill's run on it."""
    ran = {call.call_id: call for call in base.calls}
    return [
        (call, ran[call.call_id])
        for call in generation.evidence
        if call.share is Share.SEARCH and call.call_id in ran and is_sound(call, ran[call.call_id])
    ]


def closeness(calls: list[tuple[EvidenceCall, CallRun]], run: CandidateRun) -> float:
    """From 0 to 1 (right on all of `calls`), by each call's."""
    ran = {call.call_id: call for call in run.calls}
    near = [_closeness(call, ran[call.call_id], base) if call.call_id in ran else 0.0 for call, base in calls]
    return sum(near) / len(near) if near else 0.0


def _closeness(call: EvidenceCall, run: CallRun, base: CallRun) -> float:
    if judge(call, run, base).right:
        return 1.0
    if not isinstance(run.outcome, Returned):
        return 0.0
    wanted = _wanted(call, base)
    if wanted is None:
        return _ANSWERS
    try:
        case, outcome = Case(expected=Expected(decode(wanted.value))), Outcome(Kind.RETURNED, decode(run.outcome.value))
    except ValueCodecError:
        return 0.0
    return min(case.closeness(outcome), 0.9)  # the right value, refused for another reason, is not right


def _wanted(call: EvidenceCall, base: CallRun) -> Returned | None:
    if call.role is Role.FAILING:
        return Returned(value=call.expected.value) if call.expected is not None else None
    known = call.recorded if call.role is Role.PASSING else base.outcome
    return known if isinstance(known, Returned) else None

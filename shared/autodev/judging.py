"""One call of one run: is the evidence sound, is the failure fixed, is what was good still there?

The sandbox asks to see which candidates are worth a run alone, fitness to score them. Results are compared by the one
rule of `autodev.comparison`, outside any guest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autodev.comparison import same_value
from autodev.events.models.call import CallOutcome, Raised, Returned
from autodev.events.models.search import CallRun, EvidenceCall, PropertyVerdict, Role, Verdict
from autodev.values import ValueCodecError, decode


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of one candidate on one sound call."""

    right: bool
    """A failing call is fixed; any other is kept."""
    vouched: bool
    """An expectation or a property says so, not only the absence of an exception."""
    none: bool
    why: str = ""


def is_sound(call: EvidenceCall, base: CallRun) -> bool:
    """Whether the unmodified skill gave the recorded outcome again; a call that does not is no evidence."""
    outcome = base.outcome
    if call.role is Role.REGRESSION:
        return isinstance(outcome, Returned) and base.property is not PropertyVerdict.VIOLATED
    if isinstance(call.recorded, Raised):
        return isinstance(outcome, Raised) and outcome.type == call.recorded.type
    if not _same(outcome, call.recorded):
        return False
    if call.role is Role.PASSING:
        return base.property is not PropertyVerdict.VIOLATED
    return base.property is PropertyVerdict.VIOLATED or (
        call.expected is not None and not _same(outcome, Returned(value=call.expected.value))
    )


def judge(call: EvidenceCall, run: CallRun, base: CallRun) -> Judgement:
    """What `run` made of a sound `call`; `base` is the unmodified skill's run on it."""
    if run.verdict is not Verdict.OK or not isinstance(run.outcome, Returned):
        ended = f"raised {run.outcome.type}" if isinstance(run.outcome, Raised) else f"ended as {run.verdict}"
        return Judgement(right=False, vouched=False, none=False, why=ended)
    none = run.outcome.value is None
    if run.property in (PropertyVerdict.VIOLATED, PropertyVerdict.BROKEN):
        return Judgement(right=False, vouched=False, none=none, why=f"property {run.property}: {run.property_message}")
    held = run.property is PropertyVerdict.HELD
    if call.role is Role.FAILING:
        if call.expected is None:
            return Judgement(right=True, vouched=held, none=none)
        right = _same(run.outcome, Returned(value=call.expected.value))
        return Judgement(right=right, vouched=right, none=none, why="" if right else "not the expected value")
    kept = _same(run.outcome, call.recorded if call.role is Role.PASSING else base.outcome)
    return Judgement(right=kept, vouched=kept, none=none, why="" if kept else "changed a good answer")


def _same(actual: CallOutcome | None, expected: CallOutcome | None) -> bool:
    if not isinstance(actual, Returned) or not isinstance(expected, Returned):
        return False
    try:
        return same_value(_value(actual), _value(expected))
    except ValueCodecError:
        return False  # a guest can write anything; what does not decode is no answer


def _value(returned: Returned) -> Any:
    return decode(returned.value)

"""A version that the sandbox has watched, as the library's search takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from autodev.events.models.search import Ended, EvidenceCall, Role, Seen, SeenCall
from autodev.ids import CallId
from autodev.repair.search.candidate import Candidate, EditMade
from autodev.repair.search.case import Case, Expected
from autodev.repair.search.expanding import Node
from autodev.repair.search.failing import shares
from autodev.repair.search.module import ModuleText
from autodev.repair.search.outcome import Kind, Outcome
from autodev.repair.search.trace import Step, Trace
from autodev.values import ValueCodecError, decode
from services.proposals.domain.seen import is_base

_ANOTHER: Final = Expected(object())
"""Equals no answer. What was wrong with one, the events have judged; of a property no value tells."""
_KINDS: Final = {Ended.RAISED: Kind.RAISED, Ended.STOPPED: Kind.STOPPED}


def to_node(
    version: Seen, base: ModuleText, entrypoint: str, calls: Sequence[EvidenceCall]
) -> tuple[Node, Sequence[Case]]:
    """The version with the way of each call, and these calls, which are right where fitness said so."""
    by_id = {CallId(call.call_id): call for call in calls}
    seen = [(by_id[call.call_id], call) for call in version.calls if call.call_id in by_id]
    cases = [_case(evidence, call) for evidence, call in seen]
    traces = tuple(_trace(call) for _, call in seen)
    errors = shares(cases, [trace.outcome for trace in traces])
    return Node(_candidate(version, base, entrypoint), traces, errors), cases


def expectations(calls: Sequence[EvidenceCall]) -> tuple[list[Case], bool]:
    """The failing calls with what they should return, and whether None is a good answer."""
    failing, none_is_good = [], False
    for call in calls:
        case = Case(*_arguments(call), _expected(call))
        if call.role is Role.FAILING:
            failing.append(case)
        none_is_good = none_is_good or case.expected == Expected(None)
    return failing, none_is_good


def _candidate(version: Seen, base: ModuleText, entrypoint: str) -> Candidate:
    made = version.candidate
    if is_base(version) or made.code is None:
        return Candidate(base)
    edit = EditMade(made.operator, made.description, entrypoint)
    module = base.with_code(entrypoint, made.code)
    return Candidate(module, frozenset({entrypoint}), (edit,), max(0.01, 1.0 - made.risk), made.size)


def _case(evidence: EvidenceCall, call: SeenCall) -> Case:
    return Case(*_arguments(evidence), _ANOTHER if call.ended is Ended.WRONG else None)


def _trace(call: SeenCall) -> Trace:
    outcome = Outcome(_KINDS.get(call.ended, Kind.RETURNED), error=call.error, message=call.message)
    frames = tuple(Step(place.function, place.line) for place in call.frames)
    return Trace(outcome, frozenset(call.lines), frames, call.steps)


def _arguments(call: EvidenceCall) -> tuple[tuple[object, ...], Mapping[str, object]]:
    try:
        return (
            tuple(decode(value) for value in call.arguments.args),
            {name: decode(value) for name, value in call.arguments.kwargs.items()},
        )
    except ValueCodecError:
        return (), {}


def _expected(call: EvidenceCall) -> Expected | None:
    """Of a good call what it returned."""
    value = call.expected.value if call.expected is not None else getattr(call.recorded, "value", None)
    known = call.expected is not None or (call.role is not Role.FAILING and call.recorded.kind == "returned")
    try:
        return Expected(decode(value)) if known else None
    except ValueCodecError:
        return None

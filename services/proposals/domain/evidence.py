"""Recorded calls as evidence: which are kept, which a generation runs on, and which engines never see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from autodev.events.models.call import Call, Expectation, Raised, Returned, SkillRef
from autodev.events.models.failure import EpisodeRecorded
from autodev.events.models.search import EvidenceCall, Role, Share
from autodev.ids import CallId, CaseId, TenantId, derived_id, sha256
from autodev.values import is_complete

KEPT_PER_SHAPE: Final = 4
KEPT_PER_CASE: Final = 32
KEPT_PASSING: Final = 48
FAILING_CALLS: Final = 12
PASSING_CALLS: Final = 10
REGRESSION_CALLS: Final = 10
HELD_OUT_EVERY: Final = 3
MAX_CALL_BYTES: Final = 131_072
"""Of a call as JSON: all calls of a generation, with its sources, must fit the topic's limit."""
_MISSING = frozenset({"", "NA", "N/A", "None", "null", "nan", "-"})
_ITEMS_SEEN = 8


@dataclass(frozen=True, slots=True)
class Evidence:
    """One recorded call of a skill."""

    tenant_id: TenantId
    skill: SkillRef
    call_id: CallId
    case_id: CaseId | None
    """The case of a failing call; None for one that went well."""
    shape: str
    """Calls of one shape tell the same story; few of each are kept."""
    occurred_at: datetime
    call: Call
    expected: Expectation | None
    violated: bool

    @property
    def failing(self) -> bool:
        return self.case_id is not None


def to_evidence(episode: EpisodeRecorded) -> Evidence | None:
    """The evidence in an episode; None if it can't be replayed: no skill, no call, too large, or incomplete."""
    skill, call = episode.skill, episode.call
    if skill is None or call is None or (episode.outcome.is_failure and episode.case_id is None):
        return None
    arguments = call.arguments.model_dump(mode="json")
    if not is_complete([arguments["args"], arguments["kwargs"]]):
        return None
    if isinstance(call.outcome, Returned) and not is_complete(call.outcome.value):
        return None
    if episode.expected is not None and not is_complete(episode.expected.value):
        return None
    if len(call.model_dump_json()) > MAX_CALL_BYTES:
        return None
    return Evidence(
        tenant_id=episode.tenant_id,
        skill=skill,
        call_id=CallId(derived_id("call", skill.name, call.entrypoint, call.arguments.model_dump_json())),
        case_id=episode.case_id if episode.outcome.is_failure else None,
        shape=_shape(call),
        occurred_at=episode.occurred_at,
        call=call,
        expected=episode.expected,
        violated=episode.violation is not None,
    )


def to_calls(
    failing: Sequence[Evidence], passing: Sequence[Evidence], regressions: Sequence[Evidence]
) -> tuple[EvidenceCall, ...]:
    """The calls of one generation: bounded, diverse, each once, with a held-out part of every role."""
    chosen: dict[CallId, EvidenceCall] = {}
    for role, pool, limit in (
        (Role.FAILING, failing, FAILING_CALLS),
        (Role.REGRESSION, regressions, REGRESSION_CALLS),
        (Role.PASSING, passing, PASSING_CALLS),
    ):
        fresh = {item.call_id: item for item in pool if item.call_id not in chosen}
        for index, item in enumerate(_diverse(list(fresh.values()))[:limit]):
            held_out = index % HELD_OUT_EVERY == HELD_OUT_EVERY - 1 or (index == 1 and len(fresh) == 2)
            chosen[item.call_id] = EvidenceCall(
                call_id=item.call_id,
                role=role,
                share=Share.HELD_OUT if held_out else Share.SEARCH,
                arguments=item.call.arguments,
                recorded=item.call.outcome,
                expected=item.expected,
                violated=item.violated,
            )
    return tuple(chosen.values())


def _diverse(pool: Sequence[Evidence]) -> list[Evidence]:
    """One of each shape, then another of each, …; within a shape by the hash of the call, which nobody chooses."""
    by_shape = sorted(pool, key=lambda item: (item.shape, item.call_id))
    ranked = [
        (rank, item.call_id, item)
        for _, group in groupby(by_shape, key=lambda item: item.shape)
        for rank, item in enumerate(group)
    ]
    return [item for _, _, item in sorted(ranked, key=lambda entry: entry[:2])]


def _shape(call: Call) -> str:
    arguments = call.arguments
    parts = [_kind(value) for value in arguments.args] + [
        f"{k}={_kind(v)}" for k, v in sorted(arguments.kwargs.items())
    ]
    if isinstance(call.outcome, Raised):
        ending = f"{call.outcome.type}: {call.outcome.message}"
    else:
        ending = _kind(call.outcome.value)
    return sha256("\x1f".join([*parts, ending]))[:16]


def _kind(value: Any) -> str:
    """A value's type and whether it is missing, not the value: what a repair would tell apart."""
    if value is None or (isinstance(value, str) and value in _MISSING):
        return repr(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_kind(item)}" for key, item in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(sorted({_kind(item) for item in value[:_ITEMS_SEEN]})) + ("]" if value else "empty]")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "0" if value == 0 else ("-" if value < 0 else "+") + type(value).__name__
    return type(value).__name__

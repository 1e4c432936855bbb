"""Which documents an event changes, and how. A new event type that the console shows is one entry here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from pydantic import TypeAdapter

from autodev.events.catalogue import SKILL_PROMOTED
from autodev.events.envelope import Event
from autodev.events.models.base import EventData
from autodev.events.models.case import (
    ApprovalDecided,
    ApprovalRequested,
    CaseChanged,
    SkillPromoted,
    SkillWithdrawn,
)
from autodev.events.models.failure import FailureWindowed, LearningRequested
from autodev.events.models.search import CandidatesProposed, CandidatesScored
from autodev.events.models.workspace import AgentGranted, WorkspaceConfigured
from autodev.ids import CandidateId, SkillField, TenantField
from services.console.domain.candidate import Candidate
from services.console.domain.case import opened
from services.console.domain.document import Document
from services.console.domain.generation import started
from services.console.domain.pattern import Pattern
from services.console.domain.skill import Skill
from services.console.domain.workspace import Agent, Workspace

Fold = Callable[[Any], Any]
"""From a document to the same document one event later."""


@dataclass(frozen=True, slots=True)
class Change:
    """Apply `fold` to the stored document of `start`'s kind, tenant and key, or to `start` if there is none."""

    start: Document
    fold: Fold


def changes_of(event: Event[Any]) -> Iterable[Change]:
    """The changes of one event, in no particular order; none for a type that the console does not show.

    Raises:
        ValueError: a tombstone whose key is not tenant/skill.
    """
    if event.data is None:
        return [_emptied(event.key)] if event.type.topic is SKILL_PROMOTED else []
    changes = _CHANGES.get(type(event.data))
    return changes(event, event.data) if changes else []


def _emptied(key: str) -> Change:
    tenant, _, skill = key.partition("/")
    return Change(
        Skill(tenant_id=_TENANT.validate_python(tenant), skill=_SKILL.validate_python(skill)), lambda it: it.emptied()
    )


def _case_changed(event: Event[Any], data: CaseChanged) -> Iterable[Change]:
    yield Change(opened(data), lambda case: case.changed(event.id, data))


def _windowed(_event: Event[Any], data: FailureWindowed) -> Iterable[Change]:
    yield Change(Pattern(tenant_id=data.tenant_id, case_id=data.case_id), lambda pattern: pattern.windowed(data))


def _triggered(event: Event[Any], data: LearningRequested) -> Iterable[Change]:
    start = Pattern(tenant_id=data.tenant_id, case_id=data.case_id)
    yield Change(start, lambda pattern: pattern.triggered(event.time, data))


def _proposed(_event: Event[Any], data: CandidatesProposed) -> Iterable[Change]:
    yield Change(started(data), lambda generation: generation.with_trials(data))
    for proposed in data.candidates:
        if proposed.code is not None:  # without code it is the unmodified skill, run to see whether it fails again
            yield Change(
                _candidate(data, proposed.candidate_id),
                partial(_with_proposal, data=data, proposed=proposed),
            )


def _with_proposal(candidate: Candidate, data: CandidatesProposed, proposed: Any) -> Candidate:
    return candidate.with_proposal(data, proposed, proposed.code)


def _scored(_event: Event[Any], data: CandidatesScored) -> Iterable[Change]:
    yield Change(started(data), lambda generation: generation.with_judgement(data))
    if data.generation == 0:  # the unmodified skill is no candidate
        return
    for score in data.scores:
        yield Change(_candidate(data, score.candidate_id), partial(Candidate.with_score, data=data, score=score))


def _requested(event: Event[Any], data: ApprovalRequested) -> Iterable[Change]:
    yield Change(_candidate(data, data.candidate_id), lambda candidate: candidate.requested(event.time, data))


def _reviewed(event: Event[Any], data: ApprovalDecided) -> Iterable[Change]:
    yield Change(_candidate(data, data.candidate_id), lambda candidate: candidate.reviewed(event.time, data))


def _promoted(event: Event[Any], data: SkillPromoted) -> Iterable[Change]:
    yield Change(Skill(tenant_id=data.tenant_id, skill=data.skill), lambda skill: skill.promoted(event.time, data))
    yield Change(_candidate(data, data.candidate_id), lambda candidate: candidate.promoted(event.time, data))


def _withdrawn(event: Event[Any], data: SkillWithdrawn) -> Iterable[Change]:
    start = Skill(tenant_id=data.tenant_id, skill=data.skill)
    yield Change(start, lambda skill: skill.withdrawn(event.id, event.time, data))
    yield Change(_candidate(data, data.candidate_id), lambda candidate: candidate.withdrawn(event.time, data))


def _configured(event: Event[Any], data: WorkspaceConfigured) -> Iterable[Change]:
    yield Change(Workspace(tenant_id=data.tenant_id), lambda workspace: workspace.configured(event.time, data))


def _granted(event: Event[Any], data: AgentGranted) -> Iterable[Change]:
    start = Agent(tenant_id=data.tenant_id, agent_id=data.agent_id)
    yield Change(start, lambda agent: agent.granted(event.time, data))


def _candidate(data: Any, candidate_id: CandidateId) -> Candidate:
    return Candidate(tenant_id=data.tenant_id, case_id=data.case_id, candidate_id=candidate_id)


_TENANT: Final[TypeAdapter[TenantField]] = TypeAdapter(TenantField)
_SKILL: Final[TypeAdapter[SkillField]] = TypeAdapter(SkillField)
_CHANGES: Final[Mapping[type[EventData], Callable[[Event[Any], Any], Iterable[Change]]]] = {
    CaseChanged: _case_changed,
    FailureWindowed: _windowed,
    LearningRequested: _triggered,
    CandidatesProposed: _proposed,
    CandidatesScored: _scored,
    ApprovalRequested: _requested,
    ApprovalDecided: _reviewed,
    SkillPromoted: _promoted,
    SkillWithdrawn: _withdrawn,
    WorkspaceConfigured: _configured,
    AgentGranted: _granted,
}

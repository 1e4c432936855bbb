"""An event as one line for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from autodev.events.envelope import Event
from autodev.events.models.agent import SkillExecutionEvent, SkillRegistered, TaskEvent
from autodev.events.models.base import EventData
from autodev.events.models.case import (
    ApprovalDecided,
    ApprovalRequested,
    CaseChanged,
    RollbackRequested,
    SkillPromoted,
    SkillWithdrawn,
    WithdrawalRequested,
)
from autodev.events.models.failure import (
    ClockTicked,
    EpisodeRecorded,
    FailureBatched,
    FailureLate,
    FailureWindowed,
    LearningRequested,
)
from autodev.events.models.journal import CaseWoken, InputHandled
from autodev.events.models.operations import DeadLetterDropped, DeadLetterHandled, DeadLetterRedriven
from autodev.events.models.search import CandidatesExecuted, CandidatesProposed, CandidatesScored
from autodev.events.models.workspace import AgentGranted, WorkspaceConfigured


def headline(event: Event[Any]) -> str:
    """The type without what all types have in common: ``case.changed``."""
    return event.type.name.removeprefix("dev.autodev.").rpartition(".v")[0]


def tenants(event: Event[Any]) -> frozenset[str]:
    """Whose event it is; a tick of the clock belongs to all whose time it tells."""
    if isinstance(event.data, ClockTicked):
        return frozenset(event.data.seconds)
    if isinstance(event.data, DeadLetterHandled):
        return frozenset({event.data.tenant_id} if event.data.tenant_id else ())
    if isinstance(event.data, InputHandled):
        return frozenset()
    return frozenset({getattr(event.data, "tenant_id", None) or event.key.partition("/")[0]})


def summary(event: Event[Any]) -> str:
    """What happened, in a few words. As hostile as the event: make it visible before printing it."""
    if event.data is None:
        return f"{event.key} is gone (tombstone)"
    summarise = _SUMMARIES.get(type(event.data))
    return summarise(event.data) if summarise else event.key


def _reported(data: SkillExecutionEvent) -> str:
    outcome = "ok" if data.success else f"failed: {data.violation or data.output}"
    times = f" x{data.executions}" if data.executions > 1 else ""
    return f"{data.agent_id} {data.skill_name or data.skill_id}{times} {outcome}"


def _scored(data: CandidatesScored) -> str:
    plausible = sum(score.plausible for score in data.scores)
    return f"{data.skill.name} {data.decision}, {plausible} of {len(data.scores)} plausible: {data.reason}"


def _changed(data: CaseChanged) -> str:
    subject = data.skill.name if data.skill else data.agent_id
    return f"{subject} {data.error_type}: {data.previous or 'new'} → {data.state} {data.reason}"


def _decided(data: ApprovalDecided) -> str:
    return f"{data.reviewer} {'approved' if data.approved else 'rejected'} {data.candidate_id} {data.comment}"


def _handled(data: DeadLetterHandled) -> str:
    origin = f"{data.original.topic}[{data.original.partition}]@{data.original.offset}" if data.original else "nowhere"
    return f"{data.record_key()} of {origin} by {data.handled_by}: {data.reason}"


_SUMMARIES: Final[Mapping[type[EventData], Callable[[Any], str]]] = {
    TaskEvent: lambda it: f"{it.agent_id} {it.outcome} {it.task_description} {(it.error_trace or '')[-120:]}",
    SkillExecutionEvent: _reported,
    SkillRegistered: lambda it: f"{it.agent_id} {it.module} {it.content_hash[:12]}",
    EpisodeRecorded: lambda it: f"{it.agent_id} {it.outcome} {it.skill.name if it.skill else it.description}",
    FailureBatched: lambda it: f"{it.agent_id} {it.error_type} x{it.count}",
    ClockTicked: lambda it: ", ".join(f"{tenant} at {second}" for tenant, second in it.seconds.items()),
    InputHandled: lambda it: f"{it.service} took {it.topic}[{it.partition}] from {it.first} to {it.following}",
    CaseWoken: lambda it: f"{it.service} went on with {it.case_id}, which had waited long enough",
    FailureWindowed: lambda it: f"{it.agent_id} {it.error_type} x{it.count} from {it.window_start:%H:%M:%S}",
    FailureLate: lambda it: f"{it.agent_id} {it.error_type} x{it.count}",
    LearningRequested: lambda it: f"{it.agent_id} {it.error_type} x{it.count} within {it.within_seconds} s",
    CandidatesProposed: lambda it: f"{it.skill.name} generation {it.generation}: {len(it.candidates)} candidates",
    CandidatesExecuted: lambda it: f"{it.skill.name} generation {it.generation}: {len(it.runs)} runs on {it.engine}",
    CandidatesScored: _scored,
    ApprovalRequested: lambda it: f"{it.skill.name} {it.candidate_id}: {it.reason}",
    ApprovalDecided: _decided,
    CaseChanged: _changed,
    SkillPromoted: lambda it: f"{it.skill} {it.version}, approved by {it.approved_by}",
    SkillWithdrawn: lambda it: f"{it.skill} by {it.requested_by}: {it.reason}",
    WithdrawalRequested: lambda it: f"{it.skill} by {it.requested_by}: {it.reason}",
    RollbackRequested: lambda it: f"{it.skill} {it.code_hash[:12]} by {it.requested_by}: {it.reason}",
    WorkspaceConfigured: lambda it: f"{it.tenant_id} by {it.changed_by}: {it.settings!r}",
    AgentGranted: lambda it: f"{it.agent_id} {it.capability} {it.maturity} by {it.granted_by}",
    DeadLetterRedriven: _handled,
    DeadLetterDropped: _handled,
}

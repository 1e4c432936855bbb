"""The one catalogue of topics, event types and who consumes what.

Broker topics, JSON Schemas and the services' subscriptions are all made from it. A new event type is one entry in
`EVENT_TYPES` and a model in `autodev.events.models`; a new topic is one entry in `TOPICS`; then `make schemas`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final

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
from autodev.events.models.operations import DeadLetterDropped, DeadLetterRedriven
from autodev.events.models.search import CandidatesExecuted, CandidatesProposed, CandidatesScored
from autodev.events.models.workspace import AgentGranted, WorkspaceConfigured

MIB: Final = 1_048_576


class Cleanup(StrEnum):
    DELETE = "delete"
    COMPACT = "compact"


@dataclass(frozen=True)
class Topic:
    """A broker topic, named ``<domain>.<entity>.<what>.v<major>``."""

    name: str
    key: str
    """What the record key says, and therefore what stays in order."""
    cleanup: Cleanup = Cleanup.DELETE
    partitions: int = 4
    retention: timedelta = timedelta(days=7)
    max_bytes: int = MIB


@dataclass(frozen=True)
class EventType:
    """A CloudEvents type: reverse-DNS, past tense, major version last."""

    name: str
    topic: Topic
    data: type[EventData]
    minor: int = 0
    """How often its schema has gained something since the first of this major version."""

    @property
    def major(self) -> int:
        return int(self.name.rpartition(".v")[2])

    @cached_property
    def schema_id(self) -> str:
        """Of the schema by which its data are written; an event's `dataschema`."""
        return f"urn:autodev:event:{self.name.rpartition('.v')[0]}:v{self.major}.{self.minor}"


AGENT = "tenant/agent"
CASE = "case id"
SKILL = "tenant/skill"

TASK_REPORTED = Topic("agent.task.reported.v1", key=AGENT)
SKILL_EXECUTED = Topic("agent.skill.executed.v1", key=AGENT)
SKILL_REGISTERED = Topic("agent.skill.registered.v1", key="tenant/content hash", cleanup=Cleanup.COMPACT)
EPISODE_RECORDED = Topic("ingestion.episode.recorded.v1", key=AGENT, max_bytes=2 * MIB)
FAILURE_BATCHED = Topic("ingestion.failure.batched.v1", key=AGENT)
FAILURE_WINDOWED = Topic("analysis.failure.windowed.v1", key=CASE)
FAILURE_LATE = Topic("analysis.failure.late.v1", key=CASE)
LEARNING_REQUESTED = Topic("analysis.learning.requested.v1", key=CASE)
CANDIDATES_PROPOSED = Topic("learning.candidates.proposed.v1", key=CASE, max_bytes=8 * MIB)
CANDIDATES_EXECUTED = Topic("learning.candidates.executed.v1", key=CASE, max_bytes=16 * MIB)
CANDIDATES_SCORED = Topic("learning.candidates.scored.v1", key=CASE)
APPROVAL_REQUESTED = Topic("learning.approval.requested.v1", key=CASE)
APPROVAL_DECIDED = Topic("learning.approval.decided.v1", key=CASE)
CASE_CHANGED = Topic("learning.case.changed.v1", key=CASE)
SKILL_PROMOTED = Topic("learning.skill.promoted.v1", key=SKILL, cleanup=Cleanup.COMPACT)
SKILL_WITHDRAWN = Topic("learning.skill.withdrawn.v1", key=CASE)
WITHDRAWAL_REQUESTED = Topic("learning.withdrawal.requested.v1", key=SKILL)
WORKSPACE_CONFIGURED = Topic("workspace.settings.configured.v1", key="tenant", cleanup=Cleanup.COMPACT)
AGENT_GRANTED = Topic("workspace.agent.granted.v1", key="tenant/agent/capability", cleanup=Cleanup.COMPACT)
DEAD_LETTER_RETENTION = timedelta(days=30)
DEAD_LETTER_HANDLED = Topic(
    "operations.deadletter.handled.v1", key="group/partition/offset", partitions=1, retention=DEAD_LETTER_RETENTION
)
INPUT_HANDLED = Topic("service.input.handled.v1", key="service", retention=timedelta(days=30))
"""The journal: kept longer than anything that it tells the order of, but for compacted topics."""

_TYPES: Final = (
    EventType("dev.autodev.task.failed.v1", TASK_REPORTED, TaskEvent),
    EventType("dev.autodev.task.succeeded.v1", TASK_REPORTED, TaskEvent),
    EventType("dev.autodev.skill.executed.v1", SKILL_EXECUTED, SkillExecutionEvent),
    EventType("dev.autodev.skill.registered.v1", SKILL_REGISTERED, SkillRegistered),
    EventType("dev.autodev.episode.recorded.v1", EPISODE_RECORDED, EpisodeRecorded, minor=1),
    EventType("dev.autodev.failure.batched.v1", FAILURE_BATCHED, FailureBatched),
    EventType("dev.autodev.clock.ticked.v1", FAILURE_BATCHED, ClockTicked),
    EventType("dev.autodev.failure.windowed.v1", FAILURE_WINDOWED, FailureWindowed),
    EventType("dev.autodev.failure.arrivedlate.v1", FAILURE_LATE, FailureLate),
    EventType("dev.autodev.learning.requested.v1", LEARNING_REQUESTED, LearningRequested),
    EventType("dev.autodev.candidates.proposed.v1", CANDIDATES_PROPOSED, CandidatesProposed, minor=1),
    EventType("dev.autodev.candidates.executed.v1", CANDIDATES_EXECUTED, CandidatesExecuted, minor=1),
    EventType("dev.autodev.candidates.scored.v1", CANDIDATES_SCORED, CandidatesScored, minor=1),
    EventType("dev.autodev.approval.requested.v1", APPROVAL_REQUESTED, ApprovalRequested),
    EventType("dev.autodev.approval.decided.v1", APPROVAL_DECIDED, ApprovalDecided),
    EventType("dev.autodev.case.changed.v1", CASE_CHANGED, CaseChanged, minor=1),
    EventType("dev.autodev.skill.promoted.v1", SKILL_PROMOTED, SkillPromoted, minor=1),
    EventType("dev.autodev.skill.withdrawn.v1", SKILL_WITHDRAWN, SkillWithdrawn, minor=2),
    EventType("dev.autodev.withdrawal.requested.v1", WITHDRAWAL_REQUESTED, WithdrawalRequested),
    EventType("dev.autodev.rollback.requested.v1", WITHDRAWAL_REQUESTED, RollbackRequested),
    EventType("dev.autodev.workspace.configured.v1", WORKSPACE_CONFIGURED, WorkspaceConfigured),
    EventType("dev.autodev.agent.granted.v1", AGENT_GRANTED, AgentGranted),
    EventType("dev.autodev.deadletter.redriven.v1", DEAD_LETTER_HANDLED, DeadLetterRedriven),
    EventType("dev.autodev.deadletter.dropped.v1", DEAD_LETTER_HANDLED, DeadLetterDropped),
    EventType("dev.autodev.input.handled.v1", INPUT_HANDLED, InputHandled),
    EventType("dev.autodev.case.woken.v1", INPUT_HANDLED, CaseWoken),
)
EVENT_TYPES: Final[Mapping[str, EventType]] = {entry.name: entry for entry in _TYPES}

SUBSCRIPTIONS: Final[Mapping[str, tuple[Topic, ...]]] = {
    "ingestion": (TASK_REPORTED, SKILL_EXECUTED, WORKSPACE_CONFIGURED),
    "analysis": (FAILURE_BATCHED,),
    "proposals": (
        SKILL_REGISTERED,
        EPISODE_RECORDED,
        LEARNING_REQUESTED,
        CANDIDATES_SCORED,
        APPROVAL_DECIDED,
        SKILL_PROMOTED,
        WORKSPACE_CONFIGURED,
        AGENT_GRANTED,
    ),
    "sandbox": (CANDIDATES_PROPOSED,),
    "fitness": (CANDIDATES_EXECUTED, APPROVAL_DECIDED, WITHDRAWAL_REQUESTED, AGENT_GRANTED),
    "console": (
        LEARNING_REQUESTED,
        FAILURE_WINDOWED,
        CANDIDATES_PROPOSED,
        CANDIDATES_SCORED,
        APPROVAL_REQUESTED,
        APPROVAL_DECIDED,
        CASE_CHANGED,
        SKILL_PROMOTED,
        SKILL_WITHDRAWN,
        WORKSPACE_CONFIGURED,
        AGENT_GRANTED,
    ),
}
"""Consumer group → what it reads. A group is named after its service."""


def dead_letter_topic(group: str) -> Topic:
    """Where `group` puts the records that it can't process; read by people, so kept longer."""
    return Topic(
        f"{group}.dlq", key="the original key", partitions=1, retention=DEAD_LETTER_RETENTION, max_bytes=17 * MIB
    )


TOPICS: Final[tuple[Topic, ...]] = (
    *dict.fromkeys(entry.topic for entry in _TYPES),
    *(dead_letter_topic(group) for group in SUBSCRIPTIONS),
)


def event_type(name: str) -> EventType:
    """The entry of that name.

    Raises:
        KeyError: no such type, or one of an unknown major version.
    """
    return EVENT_TYPES[name]


def type_of(data: EventData) -> EventType:
    """The type under which `data` is published."""
    found = _BY_DATA.get(type(data))
    if found is not None:  # nearly always; to ask first whether it is a task takes as long as all the rest
        return found
    if isinstance(data, TaskEvent):
        return EVENT_TYPES[f"dev.autodev.task.{'failed' if data.outcome.is_failure else 'succeeded'}.v1"]
    raise KeyError(type(data))


_BY_DATA: Final = {entry.data: entry for entry in _TYPES if entry.data is not TaskEvent}

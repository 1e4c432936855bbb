"""From single failures to patterns: what ingestion and analysis say."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from autodev.events.models.agent import Executions, Outcome
from autodev.events.models.base import EventData, UtcDatetime
from autodev.events.models.call import Call, Expectation, Message, ShortText, SkillRef
from autodev.ids import AgentField, CaseField, EpisodeField, EventField, TenantField

Signature = Annotated[str, Field(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=1)]
UnixSecond = Annotated[int, Field(ge=0)]


class EpisodeRecorded(EventData):
    """A validated, scrubbed and deduplicated report: evidence for a repair if it holds a call."""

    tenant_id: TenantField
    agent_id: AgentField
    episode_id: EpisodeField
    reported_as: EventField
    """Id of the agent's event."""
    occurred_at: UtcDatetime
    outcome: Outcome
    description: Message = ""
    skill: SkillRef | None = None
    call: Call | None = None
    expected: Expectation | None = None
    violation: Message | None = None
    signature: Signature | None = None
    case_id: CaseField | None = None
    executions: Executions = 1
    """How many like executions this episode stands for, itself included."""

    def record_key(self) -> str:
        return f"{self.tenant_id}/{self.agent_id}"


class FailureBatched(EventData):
    """All failures of one poll that share tenant, agent, signature and second.

    The threshold is the workspace's at that moment: it travels with the record, so that the windows are a function
    of this topic alone and a replay gives them again.
    """

    tenant_id: TenantField
    agent_id: AgentField
    signature: Signature | None
    """None for a failure with words only; `description` then decides which pattern it belongs to."""
    case_id: CaseField | None
    description: Message = ""
    skill: SkillRef | None = None
    error_type: ShortText
    second: UnixSecond
    count: Count
    threshold: Count = 2
    within_seconds: Count = 300

    @model_validator(mode="after")
    def _a_signature_has_its_case(self) -> Self:
        if (self.signature is None) != (self.case_id is None):
            raise ValueError("signature and case_id come together or not at all")
        return self

    def record_key(self) -> str:
        return f"{self.tenant_id}/{self.agent_id}"


class ClockTicked(EventData):
    """Event time moved on though nothing failed: closes windows that no further failure would close."""

    seconds: dict[TenantField, UnixSecond]
    """Per tenant, the event time that its stream has reached."""

    def record_key(self) -> str:
        return "clock"


class FailureWindowed(EventData):
    """One closed tumbling window of one pattern. A higher revision replaces a lower one."""

    tenant_id: TenantField
    agent_id: AgentField
    case_id: CaseField
    signature: Signature
    skill: SkillRef | None = None
    error_type: ShortText
    window_start: UtcDatetime
    window_end: UtcDatetime
    count: Count
    revision: Count

    def record_key(self) -> str:
        return self.case_id


class FailureLate(EventData):
    """Failures older than the retention of windows: counted for no window, and never lost."""

    tenant_id: TenantField
    agent_id: AgentField
    case_id: CaseField
    signature: Signature
    error_type: ShortText
    second: UnixSecond
    count: Count

    def record_key(self) -> str:
        return self.case_id


class LearningRequested(EventData):
    """A pattern crossed its threshold: worth a repair."""

    tenant_id: TenantField
    agent_id: AgentField
    case_id: CaseField
    signature: Signature
    skill: SkillRef | None = None
    error_type: ShortText
    count: Count
    within_seconds: Count
    first_failure_at: UtcDatetime
    last_failure_at: UtcDatetime

    def record_key(self) -> str:
        return self.case_id

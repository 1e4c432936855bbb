"""What agents report. `TaskEvent` and `SkillExecutionEvent` keep the guide's fields and add the call itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from autodev.events.models.base import EventData, UtcDatetime, utc_now
from autodev.events.models.call import Call, Expectation, Message, ShortText, SkillRef
from autodev.ids import AgentField, EpisodeField, Sha256Field, TenantField, sha256

MAX_SOURCE = 262_144
Executions = Annotated[int, Field(ge=1, le=1_000_000_000)]


class Outcome(StrEnum):
    SUCCESS = "success"
    FAILURE = "failure"
    PARTIAL = "partial"
    """Counts as a failure signal."""

    @property
    def is_failure(self) -> bool:
        return self is not Outcome.SUCCESS


class TaskEvent(EventData):
    """A task of an agent ended."""

    episode_id: EpisodeField
    agent_id: AgentField
    tenant_id: TenantField
    task_description: Message = ""
    error_trace: Annotated[str, Field(max_length=20_000)] | None = None
    outcome: Outcome
    metadata: dict[str, Any] = Field(default_factory=dict)
    occurred_at: UtcDatetime = Field(default_factory=utc_now)
    skill: SkillRef | None = None
    call: Call | None = None
    expected: Expectation | None = None

    def record_key(self) -> str:
        return f"{self.tenant_id}/{self.agent_id}"


class SkillExecutionEvent(EventData):
    """A skill ran. Every failure is reported; a success may stand for several (`executions`)."""

    execution_id: EpisodeField
    agent_id: AgentField
    tenant_id: TenantField
    skill_id: ShortText
    skill_name: ShortText = ""
    execution_seconds: Annotated[float, Field(ge=0)] = 0.0
    token_usage: Annotated[int, Field(ge=0)] = 0
    success: bool = False
    output: Message = ""
    metadata: dict[str, Any] = Field(default_factory=dict)
    occurred_at: UtcDatetime = Field(default_factory=utc_now)
    skill: SkillRef | None = None
    call: Call | None = None
    expected: Expectation | None = None
    violation: Message | None = None
    """Why the skill's own property check (`ensures=`) refused the result."""
    executions: Executions = 1
    """How many like executions this event stands for, itself included."""

    def record_key(self) -> str:
        return f"{self.tenant_id}/{self.agent_id}"


class SkillRegistered(EventData):
    """A module's source, once per content hash."""

    tenant_id: TenantField
    agent_id: AgentField
    content_hash: Sha256Field
    module: ShortText
    source: Annotated[str, Field(max_length=MAX_SOURCE)]
    registered_at: UtcDatetime = Field(default_factory=utc_now)

    @model_validator(mode="after")
    def _hash_is_of_the_source(self) -> Self:
        if sha256(self.source) != self.content_hash:
            raise ValueError("content_hash is not the SHA-256 of source")
        return self

    def record_key(self) -> str:
        return f"{self.tenant_id}/{self.content_hash}"

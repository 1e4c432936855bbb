"""Which channel an event belongs to."""

from __future__ import annotations

from autodev.events.models.agent import SkillExecutionEvent, TaskEvent
from autodev.sdk.bus.channels import Channel

AgentEvent = TaskEvent | SkillExecutionEvent


def channel_of(event: AgentEvent) -> Channel:
    """The channel whose handlers get `event`; a partial outcome is a failure."""
    if isinstance(event, SkillExecutionEvent):
        return Channel.SKILL_EXECUTION
    return Channel.TASK_FAIL if event.outcome.is_failure else Channel.TASK_SUCCESS

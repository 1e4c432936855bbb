"""Makes the events that an agent emits itself, from an event or from its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from autodev.events.models.agent import Outcome, SkillExecutionEvent, TaskEvent
from autodev.ids import new_event_id
from autodev.sdk.bus.channels import Channel
from autodev.sdk.bus.routing import AgentEvent, channel_of
from autodev.sdk.settings import Settings

_TEXTS: Final = {"task_description": 4_000, "error_trace": 20_000, "output": 4_000}
"""Texts that are cut to what their field holds: the rest of the event should not be lost for them."""


class InvalidEmissionError(ValueError):
    """What was emitted is no such event; the message names the field."""


def emitted(channel: Channel, event: object, fields: Mapping[str, Any], settings: Settings) -> AgentEvent:
    """`event`, or the one that `fields` describe, in which tenant, agent, id and outcome are filled in.

    Raises:
        InvalidEmissionError: both or something else is given, a field is unknown or wrong, or the event is of
            another tenant or channel.
    """
    made = _made(channel, fields, settings) if event is None else event
    if not isinstance(made, TaskEvent | SkillExecutionEvent):
        raise InvalidEmissionError(f"event: a {type(made).__name__} is no event")
    if event is not None and fields:
        raise InvalidEmissionError(f"{next(iter(fields))}: give an event or its fields, not both")
    if channel_of(made) is not channel:
        raise InvalidEmissionError(f"event: is of another kind; use emit_{channel_of(made).value}")
    if made.tenant_id != settings.tenant:
        raise InvalidEmissionError(f"tenant_id: is {made.tenant_id!r}, but this process is of {settings.tenant!r}")
    return made


def _made(channel: Channel, fields: Mapping[str, Any], settings: Settings) -> AgentEvent:
    own = {"tenant_id": settings.tenant, "agent_id": settings.agent}
    cut = {name: _cut(fields[name], limit) for name, limit in _TEXTS.items() if name in fields}
    try:
        if channel is Channel.SKILL_EXECUTION:
            return SkillExecutionEvent.model_validate({"execution_id": new_event_id(), **own, **fields, **cut})
        outcome = Outcome.FAILURE if channel is Channel.TASK_FAIL else Outcome.SUCCESS
        return TaskEvent.model_validate({"episode_id": new_event_id(), "outcome": outcome, **own, **fields, **cut})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise InvalidEmissionError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _cut(text: Any, limit: int) -> Any:
    """`text` without its middle if it is too long: of a traceback, the end says most."""
    if not isinstance(text, str) or len(text) <= limit:
        return text
    head = limit // 4
    return f"{text[:head]}…{text[head + 1 - limit :]}"

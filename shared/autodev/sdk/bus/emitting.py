"""Makes the events that an agent emits itself, from an event or from its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from autodev.events.models.agent import Outcome, SkillExecutionEvent, TaskEvent
from autodev.ids import new_event_id
from autodev.sdk.settings import Settings

_TEXTS: Final = {"task_description": 4_000, "error_trace": 20_000, "output": 4_000}
"""Texts that are cut to what their field holds: the rest of the event should not be lost for them."""

E = TypeVar("E", TaskEvent, SkillExecutionEvent)


class InvalidEmissionError(ValueError):
    """What was emitted is no such event; the message names the field."""


def failed_task(event: TaskEvent | None, fields: Mapping[str, Any], settings: Settings) -> TaskEvent:
    """`event`, or one of `fields`; its outcome is a failure or partial, a failure if not given.

    Raises:
        InvalidEmissionError: a field is unknown or wrong, or the event is of another tenant, or a success.
    """
    fields = {"outcome": Outcome.FAILURE, **fields}
    task = _owned(event or _task(fields, settings), TaskEvent, settings)
    if not task.outcome.is_failure:
        raise InvalidEmissionError("outcome: is success; use emit_task_success")
    return task


def succeeded_task(event: TaskEvent | None, fields: Mapping[str, Any], settings: Settings) -> TaskEvent:
    """`event`, or one of `fields`, whose outcome is a success.

    Raises:
        InvalidEmissionError: a field is unknown or wrong, or the event is of another tenant, or no success.
    """
    fields = {"outcome": Outcome.SUCCESS, **fields}
    task = _owned(event or _task(fields, settings), TaskEvent, settings)
    if task.outcome.is_failure:
        raise InvalidEmissionError(f"outcome: is {task.outcome}; use emit_task_fail")
    return task


def skill_execution(
    event: SkillExecutionEvent | None, fields: Mapping[str, Any], settings: Settings
) -> SkillExecutionEvent:
    """`event`, or one of `fields`.

    Raises:
        InvalidEmissionError: a field is unknown or wrong, or the event is of another tenant.
    """
    made = event or _made(SkillExecutionEvent, {"execution_id": new_event_id(), **fields}, settings)
    return _owned(made, SkillExecutionEvent, settings)


def _task(fields: Mapping[str, Any], settings: Settings) -> TaskEvent:
    return _made(TaskEvent, {"episode_id": new_event_id(), **fields}, settings)


def _made(model: type[E], fields: Mapping[str, Any], settings: Settings) -> E:
    cut = {name: _cut(fields[name], limit) for name, limit in _TEXTS.items() if name in fields}
    try:
        return model.model_validate({"tenant_id": settings.tenant, "agent_id": settings.agent, **fields, **cut})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise InvalidEmissionError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _cut(text: Any, limit: int) -> Any:
    """`text` without its middle if it is too long: of a traceback, the end says most."""
    if not isinstance(text, str) or len(text) <= limit:
        return text
    head = limit // 4
    return f"{text[:head]}…{text[head + 1 - limit :]}"


def _owned(event: E, model: type[E], settings: Settings) -> E:
    if not isinstance(event, model):
        raise InvalidEmissionError(f"event: is a {type(event).__name__}, not a {model.__name__}")
    if event.tenant_id != settings.tenant:
        raise InvalidEmissionError(f"tenant_id: is {event.tenant_id!r}, but this process is of {settings.tenant!r}")
    return event

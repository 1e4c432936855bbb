"""Agents' events from a file: JSON of one or of many, each told by the fields that only it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson
from pydantic import ValidationError

from autodev.cli.exits import CommandError, ExitCode
from autodev.events.models.agent import Outcome, SkillExecutionEvent, SkillRegistered, TaskEvent
from autodev.events.models.base import EventData
from autodev.ids import new_event_id

_KINDS: Final[tuple[tuple[str, type[EventData]], ...]] = (
    ("execution_id", SkillExecutionEvent),
    ("episode_id", TaskEvent),
    ("source", SkillRegistered),
)


def parse_events(content: bytes) -> Sequence[EventData]:
    """The events of one JSON object, a JSON array, or one JSON object a line.

    Raises:
        CommandError: which event is wrong, where, and why.
    """
    return [_parse(number, item) for number, item in enumerate(_items(content), start=1)]


def _items(content: bytes) -> list[Any]:
    try:
        whole = orjson.loads(content)
    except orjson.JSONDecodeError:
        pass
    else:
        return whole if isinstance(whole, list) else [whole]
    items = []
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            try:
                items.append(orjson.loads(line))
            except orjson.JSONDecodeError as error:
                raise CommandError(ExitCode.USAGE, f"line {number} is no JSON: {error}") from None
    return items


def _parse(number: int, item: Any) -> EventData:
    kind = next((kind for field, kind in _KINDS if isinstance(item, dict) and field in item), None)
    if kind is None:
        fields = ", ".join(f"{field} ({kind.__name__})" for field, kind in _KINDS)
        raise CommandError(ExitCode.USAGE, f"event {number} is of no known kind", f"it needs one of: {fields}")
    try:
        return kind.model_validate_json(orjson.dumps(item))
    except ValidationError as error:
        raise _refusal(f"event {number}", error) from None


def failed_task(tenant: str, agent: str, description: str, error: str) -> TaskEvent:
    """A task that just failed, as an agent would report it.

    Raises:
        CommandError: a name that can't be one.
    """
    fields = {
        "episode_id": new_event_id(),
        "tenant_id": tenant,
        "agent_id": agent,
        "task_description": description,
        "error_trace": error or None,
        "outcome": Outcome.FAILURE,
    }
    try:
        return TaskEvent.model_validate(fields)
    except ValidationError as invalid:
        raise _refusal("the event", invalid) from None


def _refusal(what: str, error: ValidationError) -> CommandError:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "event"
    return CommandError(ExitCode.USAGE, f"{what}: {where}: {first['msg']}")

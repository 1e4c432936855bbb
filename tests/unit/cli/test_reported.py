"""Agents' events from a file."""

from __future__ import annotations

import json

import pytest

from autodev.cli.exits import CommandError
from autodev.cli.reported import failed_task, parse_events
from autodev.events.models.agent import SkillExecutionEvent, SkillRegistered, TaskEvent
from autodev.ids import sha256

WHO = {"tenant_id": "acme", "agent_id": "planner"}
TASK = {"episode_id": "e1", "outcome": "failure", **WHO}
EXECUTION = {"execution_id": "x1", "skill_id": "s", **WHO}
SKILL = {"content_hash": sha256("x = 1"), "module": "tools", "source": "x = 1", **WHO}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([TASK, EXECUTION, SKILL]),
        "\n".join(json.dumps(item) for item in (TASK, EXECUTION, SKILL)),
    ],
    ids=["array", "lines"],
)
def test_each_kind_is_told_by_its_fields(content: str) -> None:
    kinds = [type(event) for event in parse_events(content.encode())]
    assert kinds == [TaskEvent, SkillExecutionEvent, SkillRegistered]


def test_one_object_is_one_event() -> None:
    assert len(parse_events(json.dumps(TASK).encode())) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"a": 1}\n{', "line 2 is no JSON"),
        (b"[]\n5", "event 1 is of no known kind"),
        (b'{"a": 1}', "event 1 is of no known kind"),
        (json.dumps({**TASK, "outcome": "odd"}).encode(), "event 1: outcome"),
        (json.dumps([TASK, {**TASK, "odd": 1}]).encode(), "event 2: odd"),
    ],
)
def test_a_wrong_event_is_named_with_its_place(content: bytes, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        parse_events(content)


def test_a_failed_task_is_reported_as_an_agent_would() -> None:
    event = failed_task("acme", "planner", "book a table", "KeyError: 'table'")
    assert event.outcome.is_failure
    assert event.error_trace == "KeyError: 'table'"

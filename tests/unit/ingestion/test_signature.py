"""When two failures are the same problem."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.models.call import Arguments, Call, Frame, Raised, Returned, SkillRef
from services.ingestion.domain.signature import (
    PROPERTY_VIOLATED,
    WRONG_VALUE,
    call_signature,
    trace_signature,
    without_literals,
)

SKILL = SkillRef(name="speed", content_hash="a" * 64, function_hash="b" * 64)


def failure(**changes: Any) -> Call:
    raised = {
        "type": "ValueError",
        "message": "could not convert string to float: 'NA'",
        "frames": (Frame(function="speed", statement="hours = float(flight['air_time']) / 60"),),
    }
    return Call(entrypoint="speed", arguments=Arguments(), outcome=Raised(**(raised | changes)))


def signature(call: Call, skill: SkillRef = SKILL, violation: str | None = None) -> str:
    return call_signature(skill, call, violation)[0]


def test_the_value_that_failed_makes_no_difference() -> None:
    other = failure(message="could not convert string to float: 'N/A'")
    assert signature(failure()) == signature(other)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "TypeError"},
        {"message": "invalid literal for int() with base 10: 'NA'"},
        {"frames": (Frame(function="speed", statement="return float(flight['distance']) / hours"),)},
        {"frames": (Frame(function="pace", statement="hours = float(flight['air_time']) / 60"),)},
    ],
    ids=["exception", "message", "statement", "function"],
)
def test_another_exception_message_statement_or_function_is_another_problem(change: dict[str, Any]) -> None:
    assert signature(failure()) != signature(failure(**change))


def test_the_same_failure_of_another_skill_is_another_problem() -> None:
    other = SKILL.model_copy(update={"name": "pace"})
    assert signature(failure()) != signature(failure(), other)


def test_the_version_that_ran_makes_no_difference() -> None:
    promoted = SKILL.model_copy(update={"promoted": "c" * 64, "content_hash": "d" * 64})
    assert signature(failure()) == signature(failure(), promoted)


def test_a_refused_result_and_an_unexpected_one_are_problems_of_their_own() -> None:
    returned = Call(entrypoint="speed", arguments=Arguments(), outcome=Returned(value=0.0))
    assert call_signature(SKILL, returned, "speed is 0.0")[1] == PROPERTY_VIOLATED
    assert call_signature(SKILL, returned, None)[1] == WRONG_VALUE
    assert signature(returned, violation="speed is 0.0") == signature(returned, violation="speed is 1.5")
    assert signature(returned, violation="speed is 0.0") != signature(returned)


@given(number=st.integers() | st.floats(allow_nan=False, allow_infinity=False), word=st.text("abc'\\xyz "))
def test_literals_leave_the_message(number: float, word: str) -> None:
    assert without_literals(f"row {number} has {word!r}") == "row # has ?"


def test_a_traceback_in_words_gets_a_signature_without_its_line_numbers() -> None:
    trace = """Traceback (most recent call last):
  File "/app/agent.py", line {line}, in work
    return speed(flight)
  File "/app/tools.py", line {line}, in speed
    hours = float(flight["air_time"]) / 60
ValueError: could not convert string to float: 'NA'
"""
    first, second = trace_signature(trace.replace("{line}", "7")), trace_signature(trace.replace("{line}", "9"))
    assert first is not None
    assert first == second
    assert first[1] == "ValueError"


@pytest.mark.parametrize("words", ["", "it broke", "File not found: x", "ValueError: without a traceback"])
def test_plain_words_have_no_signature(words: str) -> None:
    assert trace_signature(words) is None

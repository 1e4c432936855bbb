"""A program runs inside as it would in the agent: its module, its decorators, its replaced function."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from autodev import values
from autodev.events.models.call import Frame
from autodev.sandbox import Arguments, CallFacts, CallInput, Engine, Program, Verdict
from tests.security.sandbox.attacks import POLICY, raised, returned

pytestmark = pytest.mark.isolation


async def call(
    engine: Engine, source: str, *arguments: Any, replacement: str | None = None, entrypoint: str = "skill"
) -> CallFacts:
    inputs = [CallInput("1", Arguments(args=tuple(map(values.encode, arguments))))]
    report = await engine.run(Program(source, entrypoint, replacement), inputs, POLICY)
    return report.calls[0]


SCALED = """
import autodev
SCALE = 10

@autodev.skill(name="scaled", ensures=lambda result, x: result > x)
def skill(x):
    return x * SCALE
"""


async def test_a_declared_skill_is_called_as_it_is(engine: Engine) -> None:
    assert returned(await call(engine, SCALED, 2)) == 20


async def test_a_replacement_is_bound_to_the_modules_globals(engine: Engine) -> None:
    assert returned(await call(engine, SCALED, 2, replacement="def skill(x):\n    return x + SCALE\n")) == 12


async def test_a_replacement_calls_itself_by_its_name(engine: Engine) -> None:
    replacement = "def skill(x):\n    return 1 if x == 0 else x * skill(x - 1)\n"

    assert returned(await call(engine, SCALED, 4, replacement=replacement)) == 24


async def test_a_replacement_inherits_the_modules_future(engine: Engine) -> None:
    source = "from __future__ import annotations\ndef skill(x): ...\n"

    assert returned(await call(engine, source, 1, replacement="def skill(x: Missing):\n    return x\n")) == 1


async def test_calls_go_beneath_decorators_around_the_skill_as_recorded_ones_did(engine: Engine) -> None:
    source = """
import autodev

def doubled(function):
    return lambda x: 2 * function(x)

@doubled
@autodev.skill
def skill(x):
    return x
"""

    assert returned(await call(engine, source, 3)) == 3
    assert returned(await call(engine, source, 3, replacement="def skill(x):\n    return -x\n")) == -3


@pytest.mark.parametrize(
    ("replacement", "complaint"),
    [
        ("x = 1", "a replacement is one function and nothing else, not Assign"),
        ("", "a replacement is one function and nothing else, not nothing"),
        ("import os\ndef skill(x): ...", "a replacement is one function and nothing else, not Import, FunctionDef"),
        ("def other(x): ...", "the replacement defines 'other', the entrypoint is 'skill'"),
        ("@print\ndef skill(x): ...", "a replacement has no decorators"),
        ("async def skill(x): ...", "one of original and replacement is async, the other is not"),
        ("def skill(x:", "'(' was never closed (replacement.py, line 1)"),
    ],
)
async def test_a_replacement_that_the_agent_would_not_load_does_not_run(
    engine: Engine, replacement: str, complaint: str
) -> None:
    error = raised(await call(engine, SCALED, 1, replacement=replacement))

    assert (error.type, error.message) == ("SyntaxError", complaint)


async def test_the_rest_of_the_sdk_is_there_and_does_nothing(engine: Engine) -> None:
    source = """
import asyncio
import autodev
from autodev import event_bus, skill as recorded

autodev.configure(tenant="t", agent="a")

@event_bus.on_task_fail
def on_failure(event):
    return event

@recorded
def skill(x):
    asyncio.run(report(x))
    return [on_failure(x), skill.version, skill.original(1) if x else None, skill.expecting(5)(0) if x else None]

async def report(x):
    await event_bus.emit_task_fail(task=x)
    async with event_bus.listening(group="g"):
        pass
    with autodev.testing.memory_bus() as bus:
        bus.clear()
"""

    assert returned(await call(engine, source, 0)) == [0, None, None, None]


async def test_frames_name_function_and_line_of_the_modules_own_code(engine: Engine) -> None:
    source = """
import json

def parse(text):
    return json.loads(
        text,
    )

def skill(text):
    value = parse(text)
    return value
"""
    error = raised(await call(engine, source, "{"))

    assert error.type == "json.decoder.JSONDecodeError"
    assert error.frames == (
        Frame(function="skill", statement="value = parse(text)"),
        Frame(function="parse", statement="return json.loads("),
    )


async def test_frames_of_a_replacement_show_its_own_lines(engine: Engine) -> None:
    error = raised(await call(engine, SCALED, 0, replacement="def skill(x):\n    # divide\n    return 1 / x\n"))

    assert error.frames == (Frame(function="skill", statement="return 1 / x"),)


async def test_of_a_deep_recursion_both_ends_are_kept(engine: Engine) -> None:
    error = raised(await call(engine, "def skill(x):\n    return deeper(x)\ndef deeper(x):\n    return deeper(x)\n", 1))

    assert error.type == "RecursionError"
    assert [frame.function for frame in error.frames] == ["skill", *["deeper"] * 49]


async def test_an_exception_of_the_module_goes_by_its_own_name(engine: Engine) -> None:
    source = "class BadRow(Exception): ...\ndef skill(x):\n    raise BadRow(x)\n"

    assert raised(await call(engine, source, "row 7")).type == "BadRow"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("def skill(:", "SyntaxError"),
        ("import not_installed_anywhere\ndef skill(x): ...", "ModuleNotFoundError"),
        ("raise RuntimeError('at import')", "RuntimeError"),
        ("def other(x): ...", "autodev.sandbox.guest.module.EntrypointNotFoundError"),
        ("\ud800", "UnicodeEncodeError"),
        ("x = '\x00'", "ValueError" if sys.version_info < (3, 11, 4) else "SyntaxError"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("-" * 200_000 + "1", "MemoryError"),
    ],
    ids=lambda text: text[:20].encode("ascii", "backslashreplace").decode(),
)
async def test_a_module_that_does_not_load_fails_its_calls(engine: Engine, source: str, kind: str) -> None:
    assert raised(await call(engine, source, 1)).type == kind


async def test_each_call_gets_a_fresh_module_and_fresh_arguments(engine: Engine) -> None:
    source = """
seen = []
def skill(items):
    items.append(1)
    seen.append(items)
    return [len(items), len(seen)]
"""
    inputs = [CallInput(str(index), Arguments(args=([],))) for index in range(3)]
    report = await engine.run(Program(source, "skill"), inputs, POLICY)

    assert [returned(facts) for facts in report.calls] == [[1, 1]] * 3


async def test_values_arrive_as_they_were_sent(engine: Engine) -> None:
    sent = [(1, 2), {3}, b"\x00", {1: "one"}, float("inf"), 2**80]

    assert returned(await call(engine, "def skill(x):\n    return x\n", sent)) == sent


async def test_a_main_block_does_not_run_and_dataclasses_work(engine: Engine) -> None:
    source = """
from __future__ import annotations
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

@dataclass
class Row:
    at: datetime
    price: Decimal = Decimal("1.5")

def skill(year):
    row = Row(datetime(year, 1, 1))
    return [row.at, row.price]

if __name__ == "__main__":
    raise SystemExit("not as a script")
"""
    facts = await call(engine, source, 2013)

    assert facts.verdict is Verdict.OK
    assert [str(value) for value in returned(facts)] == ["2013-01-01 00:00:00", "1.5"]

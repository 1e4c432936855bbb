"""What is said of a program that nobody has run."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.sandbox.gate import MAX_BYTES, Finding, Reason, Safety, inspect

MODULE = "import math\n\ndef speed(x):\n    return math.floor(x)\n"
HOSTILE = [
    "(" * 5_000,
    "[" * 90 + "]" * 90,
    "-" * 100_000 + "1",
    "a" + ".b" * 50_000,
    "a" + "()" * 50_000,
    "x = " + "1 + " * 20_000 + "1",
    "if 1:\n" + "".join(" " * depth + "if 1:\n" for depth in range(1, 99)),
    "lambda: " * 5_000 + "1",
    "f'" + "{" * 500,
    "\x00",
    "\ud800",
    "# coding: nonsense\n",
    "# -*- coding: utf-7 -*-\n",
    "\f\f\\\n",
    "9" * 100_000,
    "{" * 60,
]


def reasons(source: str, entrypoint: str = "speed", replacement: str | None = None, **options: Any) -> list[Reason]:
    return [finding.reason for finding in inspect(source, entrypoint, replacement, **options)]


def test_of_a_program_that_only_a_run_can_judge_nothing_is_said() -> None:
    assert inspect(MODULE, "speed") == ()
    assert inspect(MODULE, "speed", "def speed(x):\n    return x / 0\n") == ()
    assert inspect(MODULE, "speed", "async def speed(x):\n    return x\n") == ()


@pytest.mark.parametrize(
    ("replacement", "reason"),
    [
        ("def speed(x:", Reason.DOES_NOT_PARSE),
        ("def speed(x):\n    nonlocal y\n", Reason.DOES_NOT_PARSE),
        ("def speed(x, x): ...", Reason.DOES_NOT_PARSE),
        ("\x00", Reason.DOES_NOT_PARSE),
        ("", Reason.NOT_ONE_FUNCTION),
        ("speed = 5", Reason.NOT_ONE_FUNCTION),
        ("import os\ndef speed(x): ...", Reason.NOT_ONE_FUNCTION),
        ("@cache\ndef speed(x): ...", Reason.NOT_ONE_FUNCTION),
        ("def velocity(x): ...", Reason.NO_ENTRYPOINT),
    ],
)
def test_a_replacement_that_no_guest_would_load_is_certain_to_fail(replacement: str, reason: Reason) -> None:
    [finding] = inspect(MODULE, "speed", replacement)
    assert (finding.reason, finding.raises, finding.is_certain) == (reason, "SyntaxError", True)
    assert finding.message


def test_with_a_module_that_does_not_parse_nothing_of_it_does() -> None:
    for replacement in (None, "def speed(x): ...", "def velocity(x): ..."):
        [finding] = inspect("def speed(:", "speed", replacement)
        assert finding == Finding(Reason.DOES_NOT_PARSE, "invalid syntax (module.py, line 1)", raises="SyntaxError")


@pytest.mark.parametrize(
    "source",
    [
        "def speed(x): ...",
        "async def speed(x): ...",
        "class speed: ...",
        "speed = lambda x: x",
        "speed: int = 5",
        "if True:\n    def speed(x): ...",
        "for speed in []: pass",
        "with open('x') as (a, speed): pass",
        "from other import speed",
        "from other import fast as speed",
        "import speed.of.light",
        "from other import *",
        "globals()['sp' + 'eed'] = print",
        "exec('def speed(): ...')",
        "import sys\nsys.modules[__name__].__dict__['speed'] = print",
        "(speed := 5)",
        "def make():\n    global speed\n    speed = 5\nmake()",
        "match 5:\n    case speed: pass",
        "try:\n    pass\nexcept Exception as speed:\n    pass",
    ],
)
def test_a_module_that_may_bind_the_entrypoint_is_not_said_to_lack_it(source: str) -> None:
    assert Reason.NO_ENTRYPOINT not in reasons(source)


@pytest.mark.parametrize("source", ["", "def velocity(x): ...", "print(speed)", "velocity = speed"])
def test_one_that_can_not_is_yet_no_certain_failure(source: str) -> None:
    [finding] = inspect(source, "speed")
    assert (finding.reason, finding.is_certain) == (Reason.NO_ENTRYPOINT, False)


@pytest.mark.parametrize(
    ("statement", "medium", "high"),
    [
        ("import math", False, False),
        ("import socket", True, True),
        ("import urllib.parse", False, False),
        ("import urllib.request", True, True),
        ("from urllib import request", True, True),
        ("from urllib import parse", False, False),
        ("import os.path as p", False, True),
        ("from os import path", False, True),
        ("import oscillate", False, False),
        ("__import__('socket')", True, True),
        ("importlib.import_module('socket')", True, True),
    ],
)
def test_the_riskier_a_program_is_thought_to_be_the_less_it_may_import(
    statement: str, medium: bool, high: bool
) -> None:
    replacement = f"def speed(x):\n    {statement}\n"
    for safety, forbidden in ((Safety.LOW_RISK, False), (Safety.MEDIUM_RISK, medium), (Safety.HIGH_RISK, high)):
        found = inspect(MODULE, "speed", replacement, safety)
        assert {finding.reason for finding in found} == ({Reason.FORBIDDEN_IMPORT} if forbidden else set())
        assert not any(finding.is_certain for finding in found)


def test_of_a_replacement_only_its_own_imports_count() -> None:
    source = "import socket\ndef speed(x): ..."
    assert reasons(source) == [Reason.FORBIDDEN_IMPORT]
    assert reasons(source, replacement="def speed(x): return 1") == []


def test_what_is_too_large_is_not_parsed() -> None:
    large = "(" + " " * MAX_BYTES
    assert reasons(large) == reasons(MODULE, replacement=large) == [Reason.TOO_LARGE]
    assert not inspect(large, "speed")[0].is_certain


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_only_text(source: str) -> None:
    for findings in (inspect(source, "speed"), inspect(MODULE, "speed", source)):
        for finding in findings:
            assert finding.message.encode()
            assert (finding.reason is not Reason.TOO_COMPLEX) or not finding.is_certain


@settings(deadline=None)
@given(source=st.text(), replacement=st.none() | st.text(), entrypoint=st.text(max_size=20))
def test_any_text_can_be_inspected(source: str, replacement: str | None, entrypoint: str) -> None:
    for safety in Safety:
        for finding in inspect(source, entrypoint, replacement, safety):
            assert finding.message.encode()


@settings(deadline=None)
@given(st.lists(st.sampled_from(["def speed(x):", "\n", "    ", "return", "x", "(", ")", "import os", "=", ":", "'"])))
def test_a_certain_failure_is_one_and_nothing_else_is_called_so(tokens: list[str]) -> None:
    source = " ".join(tokens)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # here they are errors, as in no service
        try:
            compile(source, "module.py", "exec", dont_inherit=True)
            compiles = True
        except (SyntaxError, ValueError):
            compiles = False
    assert any(finding.is_certain for finding in inspect(source, "speed")) != compiles

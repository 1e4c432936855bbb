"""What can be repaired, what is refused, and how the refusal reads."""

from __future__ import annotations

import pytest

from autodev.repair import (
    Edit,
    Failure,
    Frame,
    RepairError,
    Target,
    UnparsableSourceError,
    UnsupportedTargetError,
    extract,
    propose,
)


def divided(source: str, entrypoint: str, text: str, function: str | None = None) -> tuple[Edit, ...]:
    frame = Frame(function or entrypoint, text)
    return propose(Target(source, entrypoint), [Failure("ZeroDivisionError", "division by zero", (frame,))])


def test_decorators_stay_out_of_the_edit() -> None:
    source = "@tool(name='x')\n@cached\ndef f(a):\n    return 1 / a\n"

    assert all(edit.code.startswith("def f(a):\n") for edit in divided(source, "f", "return 1 / a"))


def test_an_async_function_stays_async() -> None:
    edits = divided("async def f(a):\n    return 1 / await a()\n", "f", "return 1 / await a()")

    assert edits
    assert all(edit.code.startswith("async def f(a):\n") for edit in edits)


def test_an_awaited_value_is_named_before_it_is_tested() -> None:
    source = 'async def f(a):\n    return (await fetch(a))["x"]\n'
    frame = Frame("f", 'return (await fetch(a))["x"]')

    edits = propose(Target(source, "f"), [Failure("TypeError", "'NoneType' object is not subscriptable", (frame,))])

    assert "    fetch_found = await fetch(a)\n    if fetch_found is None:\n        return None\n" in edits[0].code


def test_a_signature_with_hints_and_defaults_is_kept() -> None:
    source = "def f(a: float, /, *, b: int = 2, **rest: str) -> float:\n    return a / b\n"

    edits = divided(source, "f", "return a / b")

    assert all(edit.code.startswith(source.partition("\n")[0] + "\n") for edit in edits)


def test_a_failure_inside_a_nested_function_is_guarded_there() -> None:
    source = "def f(a):\n    def g(b):\n        return 1 / b\n    return g(a)\n"

    first = divided(source, "f", "return 1 / b", "f.<locals>.g")[0]

    assert "        if b == 0:\n            return None\n        return 1 / b\n" in first.code


def test_a_guard_for_an_elif_goes_before_its_if() -> None:
    source = "def f(a):\n    if a is None:\n        return 0\n    elif 1 / a > 2:\n        return 1\n    return 2\n"

    first = divided(source, "f", "elif 1 / a > 2:")[0]

    assert first.code.startswith("def f(a):\n    if a == 0:\n        return")


def test_a_condition_on_one_line_gets_lines_of_its_own() -> None:
    source = "def f(a):\n    if a != 1: return 1 / a\n    return 1\n"

    first = divided(source, "f", "if a != 1: return 1 / a")[0]

    assert (
        "    if a != 1:\n        if a == 0:\n            return None\n        return 1 / a\n    return 1\n"
        in first.code
    )


def test_a_walrus_is_not_evaluated_twice() -> None:
    source = "def f(a):\n    return 1 / (b := next(a)) + b\n"

    assert all(edit.code.count("next(a)") == 1 for edit in divided(source, "f", "return 1 / (b := next(a)) + b"))


def test_an_operand_in_an_f_string_is_guarded_in_front_of_it() -> None:
    source = 'def f(a):\n    return f"{1 / a:.2f}"\n'

    assert (
        'if a == 0:\n        return None\n    return f"{1 / a:.2f}"'
        in divided(source, "f", 'return f"{1 / a:.2f}"')[0].code
    )


def test_a_generator_returns_without_a_value() -> None:
    source = "def f(rows):\n    yield 1 / rows\n"

    assert "if rows == 0:\n        return\n" in divided(source, "f", "yield 1 / rows")[0].code


def test_windows_line_ends_are_read_as_line_ends() -> None:
    assert extract(Target("import os\r\ndef f(a):\r\n    return a\r\n", "f")) == "def f(a):\n    return a\n"


def test_the_last_definition_of_a_name_is_the_one_that_runs() -> None:
    assert extract(Target("def f():\n    return 1\ndef f():\n    return 2\n", "f")) == "def f():\n    return 2\n"


@pytest.mark.parametrize(
    ("source", "entrypoint", "reason"),
    [
        ("class A:\n    def f(self): ...\n", "A.f", "method"),
        ("f = lambda x: 1 / x\n", "f", "not a `def`"),
        ("class f: ...\n", "f", "not a `def`"),
        ("def g(): ...\n", "f", "defines no function 'f'"),
    ],
)
def test_what_is_no_plain_function_is_refused_with_the_reason(source: str, entrypoint: str, reason: str) -> None:
    with pytest.raises(UnsupportedTargetError, match=reason):
        propose(Target(source, entrypoint), [])


@pytest.mark.parametrize("source", ["def f(:\n", "def f():\n    return '\x00'\n", "(" * 5_000, "-" * 100_000 + "1"])
def test_a_module_that_does_not_parse_is_refused(source: str) -> None:
    with pytest.raises(UnparsableSourceError):
        propose(Target(source, "f"), [])


def test_both_refusals_are_one_kind_of_error() -> None:
    assert issubclass(UnparsableSourceError, RepairError)
    assert issubclass(UnsupportedTargetError, RepairError)


def test_without_failures_there_is_nothing_to_propose() -> None:
    assert propose(Target("def f(a):\n    return 1 / a\n", "f"), []) == ()

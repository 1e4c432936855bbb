"""A file of cases: a call and what it should return, one a line. Nothing in it is evaluated."""

from __future__ import annotations

import ast
from typing import Any, Final

from autodev import values
from autodev.repair.search.case import Case, Expected
from autodev.repair.search.lines import json_lines
from autodev.repair.search.literals import ACCEPTED, LiteralError, parsed, value

_FORM: Final = """give {"call": "f(1, [2])", "expected": "3"} or {"args": [1, [2]], "expected": 3}"""


class CaseError(ValueError):
    """A line that is no case; the message says where, what is wrong, and what to write instead."""


def read_cases(text: str, entrypoint: str, origin: str) -> list[Case]:
    """The cases of a file. Raises CaseError, with `origin` and the line's number."""
    cases = []
    for line in json_lines(text):
        if line.broken:
            raise CaseError(f"{origin}, line {line.number}: {line.broken}; {_FORM}")
        try:
            cases.append(read_case(line.given, entrypoint))
        except CaseError as error:
            raise CaseError(f"{origin}, line {line.number}: {error}") from None
    if not cases:
        raise CaseError(f"{origin} has no case; {_FORM}")
    return cases


def read_case(given: Any, entrypoint: str) -> Case:
    """One case from a line's JSON. Raises CaseError."""
    if not isinstance(given, dict):
        raise CaseError(f"a case is an object, not {type(given).__name__}; {_FORM}")
    if unknown := given.keys() - {"call", "args", "kwargs", "expected"}:
        raise CaseError(f"a case has no {', '.join(sorted(map(repr, unknown)))}; {_FORM}")
    if "call" in given:
        case = _from_call(given, entrypoint)
    elif "args" in given or "kwargs" in given:
        case = _from_arguments(given)
    else:
        raise CaseError(f"neither `call` nor `args`; {_FORM}")
    carried = [case.args, dict(case.kwargs), case.expected and case.expected.value]
    if not values.is_complete(values.encode(carried)):
        raise CaseError("a value is too large or nested too deep; make the case smaller")
    return case


def _from_call(given: dict[str, Any], entrypoint: str) -> Case:
    if "args" in given or "kwargs" in given:
        raise CaseError("both `call` and `args` or `kwargs`; keep one of them")
    call = _parsed(given["call"], "call")
    match call:
        case ast.Call(func=ast.Name(id=name)):
            if name != entrypoint:
                raise CaseError(f"it calls {name!r}, not the entrypoint {entrypoint!r}; correct one of them")
        case _:
            raise CaseError(f"{given['call']!r} is no call; write {entrypoint}(…)")
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        raise CaseError("a starred argument is none that can be read; write the arguments out")
    kwargs = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise CaseError("a ** argument is none that can be read; write the arguments out")
        kwargs[keyword.arg] = _value(keyword.value, f"argument {keyword.arg}")
    args = tuple(_value(argument, f"argument {index}") for index, argument in enumerate(call.args, start=1))
    expected = None
    if "expected" in given:
        expected = Expected(_value(_parsed(given["expected"], "expected"), "expected"))
    return Case(args, kwargs, expected)


def _from_arguments(given: dict[str, Any]) -> Case:
    args, kwargs = given.get("args", []), given.get("kwargs", {})
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        raise CaseError('`args` is an array and `kwargs` an object; for example {"args": [1], "kwargs": {"key": 2}}')
    try:
        expected = Expected(values.decode(given["expected"])) if "expected" in given else None
        return Case(
            tuple(map(values.decode, args)), {name: values.decode(value) for name, value in kwargs.items()}, expected
        )
    except values.ValueCodecError as error:
        raise CaseError(f"{error}; give plain JSON, or the tagged JSON of autodev.values") from None


def _text(text: object, what: str) -> str:
    if not isinstance(text, str):
        raise CaseError(f"`{what}` is {type(text).__name__}; beside `call` both are text in Python's own form; {_FORM}")
    return text


def _value(node: ast.expr, what: str) -> object:
    try:
        return value(node)
    except LiteralError as error:
        raise CaseError(f"{what}: {error}; {ACCEPTED}") from None


def _parsed(text: object, what: str) -> ast.expr:
    try:
        return parsed(_text(text, what))
    except LiteralError as error:
        raise CaseError(f"`{what}` is {error}; {_FORM}") from None

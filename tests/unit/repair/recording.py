"""Runs the functions of these tests, the way an agent's SDK sees them: calls, results, tracebacks."""

from __future__ import annotations

import copy
import inspect
import linecache
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from textwrap import dedent

from autodev.repair import Edit, Failure, Frame, Target, propose

ModuleNamespace = dict[str, object]


@dataclass(frozen=True)
class Call:
    """Arguments and the answer that would be right."""

    arguments: tuple[object, ...]
    expected: object


@dataclass(frozen=True)
class Broken:
    """A function as people write it, calls on which it raises, and calls on which it is right."""

    name: str
    source: str
    failing: tuple[Call, ...]
    good: tuple[Call, ...]
    edited: str | None = None  # the function that repair is asked for, when it isn't the only one

    @property
    def target(self) -> Target:
        return Target(dedent(self.source).lstrip("\n"), self.edited or self.name)


def proposals(broken: Broken, limit: int = 40) -> tuple[Edit, ...]:
    return propose(broken.target, failures(broken), limit=limit)


def failures(broken: Broken) -> list[Failure]:
    namespace = loaded(broken.target.module_source)
    return [record(namespace, broken.target.entrypoint, call.arguments) for call in broken.failing]


def record(namespace: Mapping[str, object], entrypoint: str, arguments: tuple[object, ...]) -> Failure:
    function = namespace[entrypoint]
    assert callable(function)
    bound = inspect.signature(function).bind(*copy.deepcopy(arguments))
    try:
        function(*copy.deepcopy(arguments))
    except Exception as error:  # noqa: BLE001 - whatever the function under test raises is what is recorded
        return Failure(type(error).__name__, str(error), tuple(_frames(error)), dict(bound.arguments))
    raise AssertionError(f"{entrypoint}{arguments} was meant to raise")


def fixes_all(broken: Broken, code: str) -> bool:
    """Whether the edited function is right on every call, failing and good."""
    namespace = loaded(broken.target.module_source)
    exec(compile(code, "<candidate>", "exec"), namespace)
    function = namespace[broken.target.entrypoint]
    assert callable(function)
    return all(_answers(function, call) for call in (*broken.failing, *broken.good))


def loaded(source: str) -> ModuleNamespace:
    filename = "<recorded module>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    namespace: ModuleNamespace = {}
    exec(compile(source, filename, "exec"), namespace)
    return namespace


def _answers(function: Callable[..., object], call: Call) -> bool:
    try:
        answer = function(*copy.deepcopy(call.arguments))
    except Exception:  # noqa: BLE001 - a candidate may raise anything
        return False
    return type(answer) is type(call.expected) and answer == call.expected


def _frames(error: Exception) -> Iterable[Frame]:
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        if code.co_filename == "<recorded module>":
            yield Frame(code.co_qualname, linecache.getline(code.co_filename, line).strip())

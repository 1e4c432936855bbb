"""The search, on a runner that executes the tests' own code in this process."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any

from autodev.repair.mutation import Mutation
from autodev.repair.search.candidate import Candidate
from autodev.repair.search.case import Case, Expected
from autodev.repair.search.module import ModuleText
from autodev.repair.search.outcome import Kind, Outcome
from autodev.repair.search.searching import Found, Progress, Task, search
from autodev.repair.search.trace import Trace
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource, Span

FILE = "<under test>"


class InProcess:
    """Counts what it evaluates; keeps the text of each candidate."""

    def __init__(self) -> None:
        self.evaluated: list[str] = []

    async def trace(self, module: ModuleText, cases: Sequence[Case]) -> Sequence[Trace]:
        return [_called(module, case) for case in cases]

    async def evaluate(self, candidates: Sequence[Candidate], cases: Sequence[Case]) -> Sequence[Sequence[Outcome]]:
        self.evaluated += [candidate.module.text for candidate in candidates]
        return [[_called(candidate.module, case).outcome for case in cases] for candidate in candidates]

    async def confirm(self, module: ModuleText, cases: Sequence[Case]) -> Sequence[Outcome]:
        return [_called(module, case).outcome for case in cases]


def _called(module: ModuleText, case: Case) -> Trace:
    lines: set[int] = set()

    def step(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename == FILE:
            lines.add(frame.f_lineno)
        return step

    names: dict[str, Any] = {}
    exec(compile(module.text, FILE, "exec"), names)
    before = sys.gettrace()
    sys.settrace(step)
    try:
        value = names["f"](*copy.deepcopy(case.args))
        return Trace(Outcome(Kind.RETURNED, value), frozenset(lines))
    except Exception as error:  # noqa: BLE001 - the code under test raises what it likes
        return Trace(Outcome(Kind.RAISED, error=type(error).__name__, message=str(error)), frozenset(lines))
    finally:
        sys.settrace(before)


def swaps(function: FunctionSource, module: ModuleText) -> Iterator[Mutation]:
    """A stand-in for the operators: `<` becomes `<=`, and each `+ 1` becomes `- 1` or nothing."""
    for old, new in ((" < ", " <= "), (" + 1", " - 1"), (" + 1", "")):
        at = function.code.find(old)
        while at >= 0:
            line = function.code.count("\n", 0, at) + 1
            span = Span(at, at + len(old))
            yield Mutation("swap", f"{old} becomes {new}", (Replacement(span, new),), line)
            at = function.code.find(old, at + 1)


def cases(*pairs: tuple[int, object]) -> list[Case]:
    return [Case((argument,), {}, Expected(expected)) for argument, expected in pairs]


async def found(source: str, given: list[Case], runner: InProcess, watch: Any = lambda _: None) -> Found:
    task = Task("f", given, swaps, lambda: False, watch)
    return await search(Candidate(ModuleText.of(source, "f")), task, runner)


async def test_one_edit_is_found_and_cases_that_failed_come_first() -> None:
    done = await found("def f(x):\n    return x < 3\n", cases((1, True), (3, True), (4, False)), InProcess())
    assert [candidate.module.text for candidate in done.plausible] == ["def f(x):\n    return x <= 3\n"]
    assert done.cases[0].args == (3,)
    assert done.failures == {"wrong_value": 1.0}


async def test_two_edits_are_found_where_one_of_them_helps() -> None:
    source = "def f(x):\n    if x < 3:\n        return x + 1\n    return 0\n"
    done = await found(source, cases((1, 0), (2, 1), (3, 2), (4, 0)), InProcess())
    assert [len(candidate.edits) for candidate in done.plausible] == [2]
    assert done.plausible[0].module.text == "def f(x):\n    if x <= 3:\n        return x - 1\n    return 0\n"


async def test_a_function_that_the_entrypoint_calls_is_repaired() -> None:
    source = "def limit(x):\n    return x + 1\n\n\ndef f(x):\n    return limit(x)\n"
    done = await found(source, cases((1, 1), (5, 5)), InProcess())
    assert done.plausible[0].rewritten == {"limit"}
    assert done.plausible[0].module.text.endswith("def f(x):\n    return limit(x)\n")


async def test_nothing_is_evaluated_twice_and_the_original_once_to_compare_with() -> None:
    runner = InProcess()
    original = "def f(x):\n    y = x + 1\n    return y + 1 + 1\n"
    await found(original, cases((1, 40), (2, 41), (3, 0)), runner)
    assert len(set(runner.evaluated)) == len(runner.evaluated) > 6
    assert runner.evaluated[0] == original


async def test_what_is_right_already_is_not_changed() -> None:
    runner = InProcess()
    done = await found("def f(x):\n    return x\n", cases((1, 1)), runner)
    assert (done.plausible, done.failures, runner.evaluated) == ((), {}, [])


async def test_progress_is_told() -> None:
    heard: list[Progress] = []
    await found("def f(x):\n    return x < 3\n", cases((1, True), (3, True)), InProcess(), heard.append)
    assert heard[-1].best == 1.0
    assert heard[-1].plausible == 1
    assert heard[-1].evaluated >= 1

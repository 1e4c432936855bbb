"""What the edits of a version promise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autodev.repair.mutation import Mutation
from autodev.repair.search.candidate import Candidate
from autodev.repair.search.case import Case, Expected
from autodev.repair.search.expanding import Node, expand
from autodev.repair.search.module import ModuleText
from autodev.repair.search.outcome import Kind, Outcome
from autodev.repair.search.priors import shipped
from autodev.repair.search.trace import Trace
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource, Span

SOURCE = """def f(a):
    if a:
        return 1

    # of nothing
    else:
        return 2
    return 3
"""
CASES = [Case((1,), {}, Expected(1)), Case((0,), {}, Expected(0))]
TRACES = (
    Trace(Outcome(Kind.RETURNED, 1), frozenset({2, 3})),
    Trace(Outcome(Kind.RETURNED, 2), frozenset({2, 7})),
)


def promise_at(line: int) -> float:
    def mutate(function: FunctionSource, module: ModuleText) -> Iterator[Mutation]:
        yield Mutation("comparison", "an edit", (Replacement(Span(0, 3), "def"),), line)

    node = Node(Candidate(ModuleText(SOURCE)), TRACES, {"wrong_value": 1.0})
    return expand(node, "f", CASES, mutate, shipped())[0].promise


@pytest.mark.parametrize("line", [4, 5, 6])
def test_a_line_that_is_never_run_is_as_suspicious_as_the_code_that_it_leads_to(line: int) -> None:
    assert promise_at(line) == promise_at(7)


def test_a_line_that_failing_calls_alone_run_promises_most_and_one_that_none_runs_least() -> None:
    assert promise_at(7) > promise_at(2) > promise_at(3) >= promise_at(8)

"""Which lines are suspected."""

from autodev.repair.search.outcome import Kind, Outcome
from autodev.repair.search.suspicion import ochiai, suspicion
from autodev.repair.search.trace import Step, Trace


def test_a_line_that_only_failing_calls_ran_is_the_most_suspicious() -> None:
    scores = ochiai([frozenset({1, 2}), frozenset({1, 2})], [frozenset({1, 3})])
    assert scores == {1: 2 / (2 * 3) ** 0.5, 2: 1.0}


def test_a_line_that_raised_comes_before_those_that_ran_beside_it() -> None:
    raised = Trace(Outcome(Kind.RAISED, error="KeyError"), frozenset({1, 2, 3}), (Step("f", 1), Step("g", 3)))
    good = Trace(Outcome(Kind.RETURNED, 1), frozenset({1}))
    scores = suspicion([raised, good], [False, True])
    assert scores[3] == 1.0
    assert scores[3] > scores[2] > scores[1] - 0.2


def test_nothing_is_suspected_where_nothing_is_known() -> None:
    assert suspicion([Trace(Outcome(Kind.STOPPED))], [False]) == {}

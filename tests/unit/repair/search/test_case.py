"""When an outcome is right, and how near to it."""

import math

import pytest

from autodev.repair.search.case import Case, Expected
from autodev.repair.search.outcome import Kind, Outcome


def returned(value: object) -> Outcome:
    return Outcome(Kind.RETURNED, value)


@pytest.mark.parametrize(
    ("expected", "actual"), [(1, True), (1, 1.0), ([1], (1,)), ({1: 2}, {1: True}), ("1", 1), (None, 0)]
)
def test_another_type_is_not_right(expected: object, actual: object) -> None:
    assert not Case(expected=Expected(expected)).is_right(returned(actual))


def test_nan_is_right_where_nan_is_expected() -> None:
    assert Case(expected=Expected([math.nan])).is_right(returned([math.nan]))


def test_without_an_expectation_whatever_returns_is_right() -> None:
    assert Case().is_right(returned(None))
    assert not Case().is_right(Outcome(Kind.RAISED, error="KeyError"))
    assert not Case().is_right(Outcome(Kind.STOPPED, error="wall_timeout"))


def test_each_step_on_the_way_is_nearer() -> None:
    case = Case(expected=Expected([1, 2]))
    ways = [Outcome(Kind.RAISED, error="KeyError"), returned(None), returned([1]), returned([2, 1]), returned([1, 2])]
    assert [case.closeness(outcome) for outcome in ways] == sorted({case.closeness(outcome) for outcome in ways})


def test_an_exceptions_message_does_not_tell_outcomes_apart() -> None:
    assert Outcome(Kind.RAISED, error="KeyError", message="a").mark == Outcome(Kind.RAISED, error="KeyError").mark
    assert returned(1).mark != returned(1.0).mark
    assert returned((1,)).mark != returned([1]).mark

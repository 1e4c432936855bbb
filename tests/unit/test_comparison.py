"""When a result is the expected one."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.comparison import same_value
from autodev.values import Unencodable


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (0.1 + 0.2, 0.3),
        (math.nan, math.nan),
        ([1, {"a": (math.nan,)}], [1, {"a": (math.nan,)}]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1, 2}, {2, 1}),
        (None, None),
        (complex(0.1 + 0.2, math.nan), complex(0.3, math.nan)),
        (math.inf, math.inf),
        ({float("nan"), 1}, {1, float("nan")}),
        ({float("nan"): 1}, {float("nan"): 1}),
    ],
    ids=repr,
)
def test_equal_answers_are_the_same(actual: Any, expected: Any) -> None:
    assert same_value(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (1, True),
        (1, 1.0),
        ([1], (1,)),
        ([True], [1]),
        ({True: 1}, {1: 1}),
        ({True}, {1}),
        ("1", 1),
        (None, 0),
        (0.3, 0.3001),
        (math.nan, 1.0),
        ([1, 2], [1]),
        ({"a": 1}, {"a": 1, "b": 2}),
        (math.inf, -math.inf),
        (Unencodable("t", "r"), Unencodable("t", "r")),
    ],
    ids=repr,
)
def test_answers_of_another_type_or_value_are_not_the_same(actual: Any, expected: Any) -> None:
    assert not same_value(actual, expected)


@given(value=st.recursive(st.none() | st.integers() | st.floats() | st.text(), st.lists))
def test_every_answer_is_the_same_as_itself(value: Any) -> None:
    assert same_value(value, value)


def test_what_did_not_travel_equals_nothing_not_even_itself() -> None:
    lost = Unencodable("t", "r")
    assert not same_value(lost, lost)

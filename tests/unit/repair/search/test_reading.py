"""What a line of a file of cases says."""

import math

import pytest

from autodev.repair.search.case import Case, Expected
from autodev.repair.search.reading import CaseError, read_case, read_cases


def test_a_call_is_read_as_literals() -> None:
    case = read_case({"call": "f(1, [2], key=(-3,))", "expected": "{'a': None}"}, "f")
    assert case == Case((1, [2]), {"key": (-3,)}, Expected({"a": None}))


def test_arguments_are_json_and_tagged_json() -> None:
    case = read_case({"args": [{"$tuple": [1]}], "kwargs": {"k": 2}, "expected": None}, "f")
    assert case == Case(((1,),), {"k": 2}, Expected(None))


def test_a_case_without_expected_must_merely_not_raise() -> None:
    assert read_case({"call": "f()"}, "f").expected is None


def test_floats_without_a_literal_are_read_as_repr_writes_them() -> None:
    case = read_case({"call": "f(inf)", "expected": "[nan]"}, "f")
    assert case.args == (math.inf,)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2: no JSON"),
        ("[1]", "line 2: a case is an object"),
        ('{"expected": 1}', "line 2: neither `call` nor `args`"),
        ('{"call": "g(1)"}', "line 2: it calls 'g', not the entrypoint 'f'"),
        ('{"call": "f(open(1))"}', "line 2: argument 1 is no literal: open\\(1\\)"),
        ('{"call": "f(*[1])"}', "line 2: a starred argument"),
        ('{"call": "f(", "expected": "1"}', "line 2: `call` is no Python"),
        ('{"call": "f(1)", "expected": 1}', "line 2: `expected` is int"),
        ('{"args": 1}', "line 2: `args` is an array"),
        ('{"args": [{"$nothing": 1}]}', "line 2: unknown tag"),
        ('{"call": "f(1)", "expect": "1"}', "line 2: a case has no 'expect'"),
    ],
)
def test_a_bad_line_is_told_with_its_place(line: str, told: str) -> None:
    with pytest.raises(CaseError, match=f"cases.jsonl, {told}"):
        read_cases(['{"call": "f(1)"}', line], "f", "cases.jsonl")


def test_a_file_without_a_case_is_told() -> None:
    with pytest.raises(CaseError, match="has no case"):
        read_cases(["", "  "], "f", "cases.jsonl")

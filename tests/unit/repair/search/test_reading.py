"""What a line of a file of cases says."""

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("inf", math.inf),
        ("-math.inf", -math.inf),
        ("float('-inf')", -math.inf),
        ("-5", -5),
        ("(1, 5)", (1, 5)),
        ("2 - 1j", 2 - 1j),
        ("set()", set()),
        ("{1, (2,)}", {1, (2,)}),
        ("frozenset({'a'})", frozenset({"a"})),
        ("{'a': [None, True, b'x']}", {"a": [None, True, b"x"]}),
        ("Decimal('1.50')", Decimal("1.50")),
        ("fractions.Fraction(1, 3)", Fraction(1, 3)),
        ("datetime.date(2024, 2, 29)", date(2024, 2, 29)),
        ("range(0, 10, 2)", range(0, 10, 2)),
    ],
)
def test_values_without_a_literal_are_read_as_repr_writes_them(text: str, value: object) -> None:
    case = read_case({"call": f"f({text}, x=[{text}])", "expected": text}, "f")
    assert case == Case((value,), {"x": [value]}, Expected(value))


@pytest.mark.parametrize(
    "text", ["g(2)", "2**10", "[0] * 5", "x", "list(range(10**9))", "f'{1}'", "open('x')", "lambda: 1", "Fraction('1')"]
)
def test_what_would_have_to_be_evaluated_is_refused_with_what_is_read(text: str) -> None:
    with pytest.raises(CaseError, match=r"argument 1: .*; read are literals, nan, inf, and set\(…\)"):
        read_case({"call": f"f({text})"}, "f")
    with pytest.raises(CaseError, match=r"expected: .*nothing else is evaluated"):
        read_case({"call": "f(1)", "expected": text}, "f")


def test_blank_lines_and_separators_within_text_do_not_end_a_line() -> None:
    text = '\n{"call": "f(1)"}\r\n   \n{"args": ["a\u2028b\x85"]}\n'
    assert [case.args for case in read_cases(text, "f", "cases.jsonl")] == [(1,), ("a\u2028b\x85",)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2: no JSON"),
        ("[1]", "line 2: no object but list"),
        ("1" * 5_000, "line 2: no JSON"),
        ("[" * 100_000, "line 2: no JSON"),
        ('{"expected": 1}', "line 2: neither `call` nor `args`"),
        ('{"call": "g(1)"}', "line 2: it calls 'g', not the entrypoint 'f'"),
        ('{"call": "f(open(1))"}', "line 2: argument 1: open\\(1\\) is no literal"),
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
        read_cases(f'{{"call": "f(1)"}}\n{line}\n', "f", "cases.jsonl")


def test_a_file_without_a_case_is_told() -> None:
    with pytest.raises(CaseError, match="has no case"):
        read_cases("\n  \n", "f", "cases.jsonl")

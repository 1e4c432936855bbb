"""The canonical form: one for the same JSON however it was laid out, another for any other."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.plain_json import canonical

LARGE = st.integers(min_value=2**63 - 2, max_value=2**66) | st.integers(min_value=-(2**66), max_value=-(2**63) + 2)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | LARGE | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def laid_out(value: Any) -> bytes:
    """In another order, with blanks and escapes."""
    turned = dict(reversed(value.items())) if isinstance(value, dict) else value
    return json.dumps(turned, indent=1).encode()


@given(VALUES)
def test_layout_changes_nothing(value: Any) -> None:
    assert canonical(laid_out(value)) == canonical(json.dumps(value, ensure_ascii=False).encode())


@given(VALUES)
def test_nothing_of_the_value_is_lost(value: Any) -> None:
    written = canonical(json.dumps(value).encode())
    assert json.dumps(json.loads(written), sort_keys=True) == json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 2**100])
def test_large_integers_that_are_one_double_are_two_contents(number: int) -> None:
    assert float(number) == float(number + 1)
    assert canonical(b'{"n": %d}' % number) != canonical(b'{"n": %d}' % (number + 1))


@pytest.mark.parametrize("text", ["e+", "1e+16"])
def test_what_only_looks_like_a_large_integer_has_the_usual_form(text: str) -> None:
    payload = {"number": 1e300, "text": text}
    assert canonical(json.dumps(payload).encode()) == orjson.dumps(payload)

"""Values as they were, whatever happens to them later."""

from __future__ import annotations

import copy
from collections import OrderedDict
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.comparison import same_value
from autodev.sdk.recording.snapshot import MAX_WEIGHT, Snapshot
from autodev.values import Unencodable, encode

atoms = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.decimals(allow_nan=False)
    | st.dates()
)
hashable = st.recursive(atoms, lambda inner: st.tuples(inner, inner) | st.frozensets(inner), max_leaves=3)
values = st.recursive(
    hashable,
    lambda inner: st.lists(inner) | st.dictionaries(hashable, inner) | st.tuples(inner) | st.sets(hashable),
    max_leaves=10,
)


@given(values)
@settings(deadline=None, max_examples=50)
def test_a_snapshot_equals_the_value(value: object) -> None:
    assert same_value(Snapshot().take(value), value)


@given(st.lists(values, max_size=3))
@settings(deadline=None, max_examples=50)
def test_later_changes_do_not_reach_a_snapshot(value: list[Any]) -> None:
    before = copy.deepcopy(value)
    taken = Snapshot().take(value)
    for part in value:
        if isinstance(part, (list, dict, set)):
            part.clear()
    value.clear()
    assert same_value(taken, before)


def test_a_subclass_of_a_builtin_is_not_taken_for_it() -> None:
    assert Snapshot().take([OrderedDict(a=1)])[0].type == "collections.OrderedDict"


def test_a_value_within_itself_ends_the_copy() -> None:
    loop: list[Any] = [1]
    loop.append(loop)
    [one, inner] = Snapshot().take(loop)
    assert (one, inner.repr) == (1, "refers to itself")


def test_the_same_value_twice_is_no_loop() -> None:
    shared = [1]
    assert Snapshot().take([shared, shared]) == [[1], [1]]


def test_nesting_without_end_is_cut() -> None:
    value: list[Any] = []
    for _ in range(10_000):
        value = [value]
    assert "nested too deep" in str(encode(Snapshot().take(value)))


def test_what_is_too_large_is_left_out_and_the_rest_is_kept() -> None:
    taken = Snapshot().take({"text": "x" * MAX_WEIGHT, "number": 1})
    assert (type(taken["text"]), taken["number"]) == (Unencodable, 1)


def test_weight_is_shared_by_all_that_one_snapshot_takes() -> None:
    snapshot = Snapshot()
    first, second = (snapshot.take("x" * (MAX_WEIGHT // 2)) for _ in range(2))
    assert (type(first), type(second)) == (str, Unencodable)


def test_what_can_not_change_is_not_copied() -> None:
    value = (1, "text", Decimal(3))
    assert Snapshot().arguments(value) == value
    assert Snapshot().take(value) is value

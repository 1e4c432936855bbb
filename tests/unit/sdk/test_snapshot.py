"""Values as they were, whatever happens to them later."""

from __future__ import annotations

import copy
import datetime as dt
from collections import OrderedDict
from decimal import Decimal
from enum import IntEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.comparison import same_value
from autodev.sdk.recording.snapshot import MAX_BYTES, take, take_arguments
from autodev.values import Unencodable, encode

numbers = st.integers() | st.floats(allow_nan=False) | st.decimals(allow_nan=False) | st.fractions() | st.booleans()
moments = st.datetimes(timezones=st.none() | st.just(dt.UTC)) | st.dates() | st.times() | st.timedeltas()
atoms = st.none() | numbers | moments | st.text() | st.binary() | st.uuids()
hashable = st.recursive(atoms, lambda inner: st.tuples(inner, inner) | st.frozensets(inner), max_leaves=3)
values = st.recursive(
    hashable,
    lambda inner: st.lists(inner) | st.dictionaries(hashable, inner) | st.tuples(inner) | st.sets(hashable),
    max_leaves=10,
)


@given(values)
@settings(deadline=None, max_examples=50)
def test_a_snapshot_equals_the_value(value: object) -> None:
    assert same_value(take(value).value(), value)


@given(st.lists(values, max_size=3))
@settings(deadline=None, max_examples=50)
def test_later_changes_do_not_reach_a_snapshot(value: list[Any]) -> None:
    before = copy.deepcopy(value)
    taken = take(value)
    for part in value:
        if isinstance(part, (list, dict, set)):
            part.clear()
    value.clear()
    assert same_value(taken.value(), before)


class OwnKind:
    def __reduce__(self) -> Any:
        raise RuntimeError("pickling ran the agent's code")

    __repr__ = __reduce__


class Color(IntEnum):
    RED = 1


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (OrderedDict(a=1), "collections.OrderedDict"),
        (Color.RED, f"{__name__}.Color"),
        (OwnKind(), f"{__name__}.OwnKind"),
        (dt.datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Berlin")), "datetime.datetime"),
        (memoryview(b"x"), "builtins.memoryview"),
        (len, "builtins.builtin_function_or_method"),
        (OwnKind, "builtins.type"),
    ],
)
def test_what_is_no_exact_builtin_is_its_types_name_alone(value: object, kind: str) -> None:
    [taken] = take([value]).value()
    assert isinstance(taken, Unencodable)
    assert (taken.type, taken.repr) == (kind, "")


def test_a_value_within_itself_is_no_trouble() -> None:
    loop: list[Any] = [1]
    loop.append(loop)
    assert encode(take(loop).value()) == encode(loop)


def test_nesting_without_end_is_not_taken() -> None:
    value: list[Any] = []
    for _ in range(10_000):
        value = [value]
    assert take(value).value().type == "builtins.list"


@pytest.mark.parametrize("value", ["x" * MAX_BYTES, [["x" * 1_000]] * 2 + [[str(n)] for n in range(200_000)]])
def test_what_is_too_large_is_not_taken(value: object) -> None:
    assert isinstance(take(value).value(), Unencodable)


def test_an_argument_that_can_not_be_taken_leaves_the_others() -> None:
    args, kwargs = take_arguments((1, "x" * MAX_BYTES, [2]), {"large": b"x" * MAX_BYTES, "small": {3}}).value()
    assert (args[0], type(args[1]), args[2]) == (1, Unencodable, [2])
    assert (type(kwargs["large"]), kwargs["small"]) == (Unencodable, {3})


def test_arguments_that_are_too_large_together_are_not_taken() -> None:
    args, _ = take_arguments(tuple("x" * (MAX_BYTES // 2) for _ in range(3)), {}).value()
    assert [type(value) for value in args] == [Unencodable] * 3


def test_what_can_not_change_is_not_copied() -> None:
    args = (1, "text", Decimal(3))
    assert take_arguments(args, {}).value() == (args, {})
    assert take_arguments(args, {}).value()[0] is args

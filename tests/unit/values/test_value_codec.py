"""The tagged value codec: what goes in comes out, and what cannot says so."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.values import Limits, Unencodable, ValueCodecError, decode, encode, is_complete

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(alphabet=st.characters(exclude_categories=()))
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.decimals(allow_nan=False)
    | st.fractions()
    | st.datetimes()
    | st.datetimes(timezones=st.just(UTC))
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.uuids()
    | st.builds(range, st.integers(), st.integers())
)
hashable = st.recursive(scalars, lambda inner: st.tuples(inner, inner) | st.frozensets(inner), max_leaves=5)
values = st.recursive(
    scalars | hashable,
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner)
        | st.sets(hashable)
        | st.dictionaries(st.text(), inner)
        | st.dictionaries(hashable, inner)
    ),
    max_leaves=20,
)


def same(left: Any, right: Any) -> bool:
    """Equal, of the same types all the way down."""
    return type(left) is type(right) and left == right and repr(left) == repr(right)


@given(value=values)
def test_every_value_survives_a_round_trip_through_json(value: Any) -> None:
    travelled = json.loads(json.dumps(encode(value), allow_nan=False))
    decoded = decode(travelled)
    assert is_complete(travelled)
    assert decoded == value
    assert type(decoded) is type(value)


@pytest.mark.parametrize(
    "value",
    [
        {"air_time": "NA", "delay": None},
        (1, [2, (3,)], {"x": (4,)}),
        {1: "a", "1": "b", None: "c"},
        {"$tuple": [1]},
        "nul \x00 and lone \ud800",
        10**40,
        -(2**53) - 1,
        datetime(2013, 1, 1, 5, 17, tzinfo=UTC),
        datetime(2013, 11, 3, 1, 30, fold=1),  # noqa: DTZ001 - a naive one is the case
        date(2013, 1, 1),
        time(23, 59),
        timedelta(days=-1, microseconds=3),
        Decimal("1.10"),
        Fraction(1, 3),
        UUID(int=5),
        {1, 2},
        b"\x00\xff",
    ],
    ids=repr,
)
def test_a_value_keeps_its_types_exactly(value: Any) -> None:
    assert same(decode(json.loads(json.dumps(encode(value)))), value)


def test_not_a_number_survives() -> None:
    assert math.isnan(decode(encode(math.nan)))


class Colour(IntEnum):
    RED = 1


class Hostile:
    def __repr__(self) -> str:
        raise RuntimeError("no")


class Text(str):
    __slots__ = ()

    def __getitem__(self, _: object) -> str:
        raise SystemExit("never asked")


@pytest.mark.parametrize(
    "value",
    [
        object(),
        OrderedDict(a=1),
        Colour.RED,
        Hostile(),
        Text("x"),
        len,
        datetime(2013, 1, 1, tzinfo=ZoneInfo("UTC")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_travel_is_marked_and_never_changed(value: object) -> None:
    encoded = encode([value])
    assert not is_complete(encoded)
    [decoded] = decode(encoded)
    assert isinstance(decoded, Unencodable)
    assert type(value).__qualname__ in decoded.type


def test_a_value_is_never_asked_for_its_class() -> None:
    def answer(_: object) -> type:
        raise SystemExit("asked")

    impostor = type("Impostor", (), {"__class__": property(answer)})()

    assert not is_complete(encode(impostor))


def test_two_unencodable_values_are_never_equal() -> None:
    first, second = decode(encode([object(), object()]))
    assert first != second


def test_a_value_that_refers_to_itself_is_marked() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert not is_complete(encode(loop))


@pytest.mark.parametrize(
    ("value", "limits"),
    [
        ([[[1]]], Limits(depth=1)),
        ([1] * 20, Limits(items=10)),
        ("x" * 20, Limits(text=10)),
        (b"x" * 20, Limits(text=10)),
        (16**50, Limits(text=10)),
    ],
    ids=["depth", "items", "text", "bytes", "digits"],
)
def test_a_value_beyond_a_limit_is_marked(value: object, limits: Limits) -> None:
    assert not is_complete(encode(value, limits))


@pytest.mark.parametrize(
    "hostile",
    [
        {"$unknown": 1},
        {"$tuple": [1], "more": 2},
        {"$tuple": 1},
        {"$set": [[1]]},
        {"$set": [1, 1]},
        {"$map": [[1, 2], [1, 3]]},
        {"$map": [[1]]},
        {"$map": ["ab"]},
        {"$complex": ["1"]},
        {"$complex": {}},
        {"$timedelta": [1e308, 0, 0]},
        {"$text": "AA"},
        {"$tuple": {"$tuple": []}},
        {"$frozenset": [{"$decimal": "sNaN"}]},
        {"$float": "1.5"},
        {"$bytes": "%%%"},
        {"$datetime": "soon"},
        {"$datetime": 5},
        {"$decimal": 1.5},
        {"$int": "0xZZ"},
        {"$range": [1, 2, 0]},
        {"$fraction": ["0x1", "0x0"]},
        {"$unencodable": {}},
        math.inf,
        object(),
    ],
    ids=repr,
)
def test_tagged_json_that_encode_would_not_write_is_refused(hostile: Any) -> None:
    with pytest.raises(ValueCodecError):
        decode(hostile)


@pytest.mark.parametrize("tag", ["$set", "$frozenset", "$map"])
def test_members_chosen_to_share_a_hash_are_refused(tag: str) -> None:
    integers = [{"$int": hex(step * (2**61 - 1))} for step in range(200)]
    with pytest.raises(ValueCodecError, match="share a hash"):
        decode({tag: [[integer, None] for integer in integers] if tag == "$map" else integers})


@pytest.mark.parametrize("tag", ["$int", "$decimal", "$datetime", "$uuid", "$float", "$complex", "$unencodable"])
def test_a_refusal_does_not_repeat_the_value(tag: str) -> None:
    with pytest.raises(ValueCodecError) as refused:
        decode({tag: "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_an_unknown_tag_is_told_cut_and_without_control_characters() -> None:
    with pytest.raises(ValueCodecError) as refused:
        decode({"$\x1b[31m" + "x" * 10_000: 1})
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 100


def test_the_deepest_value_that_encode_takes_may_travel_on_and_nothing_deeper() -> None:
    deepest: Any = 1
    for _ in range(64):
        deepest = {0: deepest}
    assert is_complete(encode(deepest))
    deeper: Any = 1
    for _ in range(200):
        deeper = [deeper]
    assert not is_complete(deeper)


def test_nesting_beyond_any_limit_is_refused() -> None:
    nested: Any = 1
    for _ in range(1_000):
        nested = [nested]
    with pytest.raises(ValueCodecError):
        decode(nested)

"""Values of Python, as they travel, are scrubbed to values of Python."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.values import decode, encode
from autodev.values.tags import MAX_JSON_DEPTH
from services.ingestion.domain.scrubbing import is_clean, scrub
from services.ingestion.domain.secrets import SCRUBBED

TOKEN = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
OTHER = "ghp_zyxwvutsrqponmlkjihgfedcba9876543210"

SECRETIVE = st.sampled_from([TOKEN, OTHER, f"use {TOKEN}", "password", "plain"])
SURROGATES = SECRETIVE.map(lambda text: text + "\ud800")
SCALARS = SECRETIVE | SECRETIVE.map(str.encode) | SURROGATES | st.integers() | st.text()
MAPPED = {0: None}
"""A key that no object has."""
VALUES = st.recursive(
    SCALARS | SECRETIVE.map(lambda text: bytearray(text.encode())),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(SCALARS, inner, max_size=3).map(lambda found: found | MAPPED)
        | st.sets(SCALARS, max_size=3)
        | st.frozensets(st.tuples(SCALARS, SCALARS), max_size=3)
    ),
)


def scrubbed(value: object) -> Any:
    return decode(scrub(encode(value)))


@pytest.mark.parametrize("other_key", [1, "größe", "$ref", None])
def test_a_maps_values_are_scrubbed_by_their_names_as_those_of_an_object(other_key: object) -> None:
    assert scrubbed({"password": "plain words", other_key: "kept"}) == {"password": SCRUBBED, other_key: "kept"}


def test_a_name_in_bytes_is_a_name_too() -> None:
    assert scrubbed({b"authorization": b"plain words"}) == {b"authorization": SCRUBBED.encode()}


@pytest.mark.parametrize(
    ("secret", "instead"),
    [
        (b"plain words", SCRUBBED.encode()),
        (bytearray(b"plain words"), bytearray(SCRUBBED.encode())),
        ("plain\ud800words", SCRUBBED),
    ],
)
def test_a_secret_by_name_keeps_its_type(secret: object, instead: object) -> None:
    assert scrubbed({"password": secret}) == {"password": instead}


def test_bytes_with_a_secret_in_them_are_replaced_whole() -> None:
    assert scrubbed(f"Authorization: Bearer {TOKEN}".encode()) == SCRUBBED.encode()
    assert scrubbed(f"{TOKEN}\ud800") == SCRUBBED


def test_bytes_whose_base64_only_looks_like_a_secret_stay_as_they_are() -> None:
    encoded = {"$bytes": "AKIAIOSFODNN7EXAMPLE"}
    assert scrub(encoded) == encoded


def test_secrets_that_become_the_same_are_one_member_and_one_key() -> None:
    assert scrubbed({TOKEN, OTHER, "kept"}) == {SCRUBBED, "kept"}
    assert scrubbed({TOKEN: 1, OTHER: 2, 0: "kept"}) == {SCRUBBED: 2, 0: "kept"}


@pytest.mark.parametrize("tag", ["$map", "$set", "$bytes", "$text"])
@pytest.mark.parametrize("payload", [TOKEN, [TOKEN], [[TOKEN]], {"note": TOKEN}, [[{}, {}, TOKEN]]])
def test_what_only_pretends_to_be_a_tagged_value_is_scrubbed_all_the_same(tag: str, payload: object) -> None:
    assert TOKEN not in str(scrub({tag: payload}))


@given(VALUES)
def test_no_secret_is_left_and_what_is_left_decodes(value: object) -> None:
    left = scrubbed(value)
    assert not any(secret in repr(left) for secret in (TOKEN, OTHER))
    assert type(left) is type(value)


@given(VALUES)
def test_what_is_called_clean_is_not_changed_by_scrubbing(value: object) -> None:
    encoded = encode(value)
    assert not is_clean(encoded) or scrub(encoded) == encoded


@pytest.mark.parametrize("value", ["plain words", 5, None, [1, ["x"]], {"name": {"n": "NA"}}, (0.5, True)])
def test_ordinary_values_are_called_clean(value: object) -> None:
    assert is_clean(value)


@pytest.mark.parametrize("value", [TOKEN, ["x", {"y": (TOKEN,)}], {"password": 1}, {"x": {"$set": []}}])
def test_what_may_hold_a_secret_is_not_called_clean(value: object) -> None:
    assert not is_clean(value)


@given(st.sampled_from(["$bytes", "$bytearray", "$text"]), st.binary())
def test_no_bytes_are_too_odd(tag: str, content: bytes) -> None:
    scrub({tag: b64encode(content).decode()})


@pytest.mark.parametrize("nested", ['{"a": ', '{"$map": [[0, ', '{"$set": ['])
def test_what_is_nested_as_deep_as_values_travel_is_scrubbed(nested: str) -> None:
    levels = MAX_JSON_DEPTH // (nested.count("{") + nested.count("["))
    closing = nested[::-1].translate(str.maketrans("{[", "}]", ' "$:,0amapset'))
    deep = json.loads(nested * levels + f'"{TOKEN}"' + closing * levels)
    assert TOKEN not in json.dumps(scrub(deep))


@given(st.recursive(st.binary() | st.integers() | st.none(), lambda inner: st.dictionaries(st.integers(), inner)))
def test_what_holds_no_secret_is_left_alone(value: object) -> None:
    assert scrubbed(value) == value

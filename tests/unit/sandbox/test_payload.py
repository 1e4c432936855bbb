"""Bytes that a guest wrote: strict JSON, then an outcome of our own types, or an error."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodev import values
from autodev.events.models.call import Frame, Raised, Returned
from autodev.events.models.search import PropertyVerdict
from autodev.sandbox.supervision.outcome import read_outcome, read_property
from autodev.sandbox.supervision.payload import PayloadError, parse

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)  # a busy machine is no failure
@given(st.dictionaries(st.text(), plain, max_size=5))
def test_json_is_read_as_written(document: dict[str, object]) -> None:
    assert parse(json.dumps(document).encode()) == document


@settings(deadline=None)  # a busy machine is no failure
@given(st.binary())
def test_any_bytes_are_an_outcome_or_a_payload_error(payload: bytes) -> None:
    try:
        read_outcome(payload)
    except PayloadError:
        return


@settings(deadline=None)  # a busy machine is no failure
@given(plain)
def test_a_result_goes_on_as_our_own_codec_writes_it(value: object) -> None:
    encoded = values.encode(value)

    outcome = read_outcome(json.dumps({"kind": "returned", "value": encoded}).encode())

    assert isinstance(outcome, Returned)
    assert outcome.value == encoded


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        (b"", "no JSON"),
        (b"\x80", "no JSON"),
        (b"null", "an object was expected, not NoneType"),
        (b'{"a": 1, "a": 1}', "an object has a key twice"),
        (b'{"a": NaN}', "NaN is no JSON"),
        (b'{"a": -Infinity}', "-Infinity is no JSON"),
        (b'{"a": 1e999}', "a number beyond all floats"),
        (b'{"a": -1e999}', "a number beyond all floats"),
        (b'{"a": ' + b"1" * 18 + b"}", "an integer of 18 digits"),
        (b'{"a": ' + b"1" * 1_000_000 + b"}", "an integer of 1000000 digits"),
        (b'{"a": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"a": 1} {"b": 2}', "no JSON"),
    ],
    ids=lambda value: value[:30].decode("latin-1") if isinstance(value, bytes) else value,
)
def test_json_with_more_than_one_reading_is_refused(payload: bytes, complaint: str) -> None:
    with pytest.raises(PayloadError, match=complaint):
        parse(payload)


def test_an_exception_is_read() -> None:
    payload = b'{"kind":"raised","type":"ValueError","message":"bad","frames":[["f","x = 1"]]}'

    assert read_outcome(payload) == Raised(
        type="ValueError", message="bad", frames=(Frame(function="f", statement="x = 1"),)
    )


def test_lone_surrogates_in_an_exception_are_escaped() -> None:
    outcome = read_outcome(b'{"kind":"raised","type":"E","message":"\\ud800","frames":[]}')

    assert isinstance(outcome, Raised)
    assert outcome.message == "\\ud800"


@pytest.mark.parametrize(
    ("payload", "verdict"),
    [
        (b'{"kind":"held"}', PropertyVerdict.HELD),
        (b'{"kind":"violated","message":"too long"}', PropertyVerdict.VIOLATED),
        (b'{"kind":"absent"}', PropertyVerdict.ABSENT),
        (b'{"kind":"raised","type":"E","message":"m","frames":[]}', PropertyVerdict.BROKEN),
    ],
)
def test_a_property_verdict_is_read(payload: bytes, verdict: PropertyVerdict) -> None:
    assert read_property(payload)[0] is verdict


@pytest.mark.parametrize("payload", [b'{"kind":"held","more":1}', b'{"kind":"returned","value":true}', b"{}"])
def test_anything_else_is_no_property_verdict(payload: bytes) -> None:
    with pytest.raises(PayloadError):
        read_property(payload)

"""Records that are no events of ours are refused, and the field that is wrong is named."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.binary import InvalidRecordError, from_record, to_record
from autodev.events.catalogue import EVENT_TYPES
from autodev.events.record import Record
from tests.unit.events.records import event, received, with_header, without_header

REQUIRED = ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"]
OPTIONAL = ["ce_correlationid", "ce_causationid", "ce_traceparent", "traceparent", "tracestate", "ce_unknown"]


def refusal(record: Record) -> InvalidRecordError:
    with pytest.raises(InvalidRecordError) as refused:
        from_record(record)
    return refused.value


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_attribute_is_named(name: str) -> None:
    assert refusal(without_header(name)).field == name


@pytest.mark.parametrize("name", REQUIRED)
def test_an_empty_attribute_is_named(name: str) -> None:
    assert refusal(with_header(name, b"")).field == name


@pytest.mark.parametrize("name", REQUIRED + OPTIONAL)
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "is empty"),
        (b"x" * 1_025, "longer than 1024 bytes"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"a\x00b", "control characters"),
        (b"a\nb", "control characters"),
        ("a\u2028b".encode(), "control characters"),
    ],
    ids=["null", "long", "not UTF-8", "NUL", "newline", "line separator"],
)
def test_an_attribute_that_is_no_printable_text_is_named(name: str, value: bytes | None, reason: str) -> None:
    refused = refusal(with_header(name, value))
    assert refused.field == name
    assert reason in refused.reason


@pytest.mark.parametrize("name", REQUIRED)
def test_an_attribute_given_twice_is_named(name: str) -> None:
    record = to_record(event())
    twice = replace(record, headers=(*record.headers, (name, b"again")))
    assert (refusal(received(twice)).field, refusal(received(twice)).reason) == (name, "is given twice")


@pytest.mark.parametrize(
    "name",
    [
        b"dev.autodev.agent.granted.v2",
        b"dev.autodev.agent.granted",
        b"dev.autodev.agent.granted.v1 ",
        b"com.example.other.v1",
    ],
)
def test_an_unknown_type_or_major_version_is_refused(name: bytes) -> None:
    assert refusal(with_header("ce_type", name)).field == "ce_type"


def test_another_version_of_cloudevents_is_refused() -> None:
    assert refusal(with_header("ce_specversion", b"0.3")).field == "ce_specversion"


def test_a_type_on_another_types_topic_is_refused() -> None:
    refused = refusal(replace(received(to_record(event())), topic="agent.task.reported.v1"))
    assert (refused.field, refused.reason) == (
        "ce_type",
        "dev.autodev.agent.granted.v1 belongs on workspace.agent.granted.v1",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("yesterday", "is no RFC 3339 time"),
        ("2026-13-01T00:00:00Z", "is no RFC 3339 time"),
        ("2026-03-01T12:00:00", "has no time zone"),
        ("0001-01-01T00:00:00+23:59", "is out of range"),
        ("9999-12-31T23:59:59-23:59", "is out of range"),
    ],
)
def test_a_time_that_can_not_be_is_refused(text: str, reason: str) -> None:
    refused = refusal(with_header("ce_time", text.encode()))
    assert (refused.field, refused.reason) == ("ce_time", reason)


def test_a_time_more_than_five_minutes_ahead_is_refused() -> None:
    soon = datetime.now(UTC) + timedelta(minutes=6)
    refused = refusal(with_header("ce_time", soon.isoformat().encode()))
    assert (refused.field, refused.reason) == ("ce_time", "is more than 5 minutes ahead of now")


def test_a_key_that_is_no_text_is_refused() -> None:
    assert refusal(replace(received(to_record(event())), key=b"\xff")).field == "key"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (b"", "data"),
        (b"not JSON", "data"),
        (b"null", "data"),
        (b"[]", "data"),
        (b"\xff", "data"),
        (b"[" * 100_000, "data"),
        (b'{"tenant_id": "acme"}', "agent_id"),
        (b'{"tenant_id": "a/b"}', "tenant_id"),
        (b'{"tenant_id": "\\ud800"}', "data"),
    ],
)
def test_data_that_their_model_refuses_name_the_first_wrong_field(value: bytes, field: str) -> None:
    assert refusal(replace(received(to_record(event())), value=value)).field == field


def test_a_refusal_does_not_repeat_the_value() -> None:
    secret = b'{"tenant_id": "pass word 1234"}'
    assert "1234" not in str(refusal(replace(received(to_record(event())), value=secret)))


@given(
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=200),
    headers=st.lists(
        st.tuples(st.sampled_from([*REQUIRED, *OPTIONAL, "x"]), st.none() | st.binary(max_size=40)), max_size=8
    ),
    event_type=st.sampled_from(sorted(EVENT_TYPES)),
)
def test_whatever_comes_is_an_event_or_a_refusal(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]], event_type: str
) -> None:
    given_type = EVENT_TYPES[event_type]
    attributes = (("ce_specversion", b"1.0"), ("ce_type", event_type.encode()), *headers)
    with suppress(InvalidRecordError):
        from_record(Record(given_type.topic.name, 0, 0, 0, key, value, attributes))

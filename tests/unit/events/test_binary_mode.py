"""CloudEvents in binary mode: what we write is what the `cloudevents` package reads, and what we read again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.binary import from_record, to_record
from autodev.events.catalogue import EVENT_TYPES, EventType
from autodev.events.envelope import Event, TraceContext
from autodev.events.models.base import EventData
from autodev.ids import CaseId, EventId
from tests.unit.events.factories import random_data
from tests.unit.events.records import event, received, with_header

PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=60)
VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=128)
# Kafka's times are in milliseconds, CloudEvents' are not; ours have microseconds.
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants them naive


@st.composite
def envelopes(draw: st.DrawFn) -> Event[EventData]:
    return event(
        id=EventId(draw(VISIBLE)),
        source=draw(PRINTABLE),
        time=draw(MOMENTS),
        correlation_id=draw(st.none() | VISIBLE.map(CaseId)),
        causation_id=draw(st.none() | VISIBLE.map(EventId)),
        trace=TraceContext(*(draw(st.none() | PRINTABLE) for _ in range(3))),
    )


@given(sent=envelopes())
def test_the_cloudevents_package_reads_the_attributes_and_data_that_were_written(sent: Event[EventData]) -> None:
    record = to_record(sent)
    assert record.value is not None
    headers = {name: value for name, value in record.headers if value is not None}
    read = from_binary(KafkaMessage(headers, record.key, record.value), JSONFormat())
    assert (read.get_id(), read.get_source(), read.get_type()) == (sent.id, sent.source, sent.type.name)
    assert (read.get_specversion(), read.get_datacontenttype()) == ("1.0", "application/json")
    assert read.get_time() == sent.time
    assert read.get_extension("partitionkey") == sent.key
    assert read.get_extension("correlationid") == sent.correlation_id
    assert read.get_extension("causationid") == sent.causation_id
    assert read.get_extension("traceparent") == sent.trace.start
    assert sent.data is not None
    assert read.get_data() == json.loads(sent.data.write())


@given(sent=envelopes())
def test_an_event_is_read_as_it_was_written(sent: Event[EventData]) -> None:
    assert from_record(received(to_record(sent))) == sent


def test_one_moment_is_written_as_each_event_tells_it() -> None:
    utc = datetime(2026, 11, 22, 12, tzinfo=UTC)
    told = [utc, utc.astimezone(timezone(timedelta(hours=1))), utc, utc + timedelta(microseconds=1)]
    records = [to_record(event(time=moment)) for moment in told]
    assert [dict(record.headers)["ce_time"] for record in records] == [
        b"2026-11-22T12:00:00Z",
        b"2026-11-22T13:00:00+01:00",
        b"2026-11-22T12:00:00Z",
        b"2026-11-22T12:00:00.000001Z",
    ]
    assert {record.timestamp_ms for record in records} == {1_795_348_800_000}


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda each: each.name)
def test_random_data_of_every_type_survive_the_journey(event_type: EventType) -> None:
    for _ in range(5):
        sent = event(random_data(event_type))
        assert sent.type == event_type
        assert from_record(received(to_record(sent))) == sent


def test_equal_data_are_written_as_equal_bytes() -> None:
    assert to_record(event()).value == to_record(event()).value


def test_a_tombstone_has_no_value_and_no_content_type() -> None:
    sent = event(None, type=EVENT_TYPES["dev.autodev.skill.promoted.v1"], key="acme/tools.speed")
    record = to_record(sent)
    assert record.value is None
    assert "content-type" not in dict(record.headers)
    assert from_record(received(record)) == sent


def test_a_record_carries_the_events_time() -> None:
    assert to_record(event()).timestamp_ms == 1_772_366_403_250


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (b"2026-03-01T12:00:03Z", datetime(2026, 3, 1, 12, 0, 3, tzinfo=UTC)),
        (b"2026-03-01T14:00:03.5+02:00", datetime(2026, 3, 1, 12, 0, 3, 500_000, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_any_zone_and_kept_in_utc(text: bytes, moment: datetime) -> None:
    time = from_record(with_header("ce_time", text)).time
    assert time == moment
    assert time.tzinfo == UTC


def test_headers_of_others_are_nobodys_business() -> None:
    record = to_record(event())
    others = (("x-other", b"\xff\x00"), ("x-other", None), ("content-type", b"\xff"))
    assert from_record(received(replace(record, headers=(*record.headers, *others)))) == event()


def test_a_clock_that_is_a_little_fast_is_forgiven() -> None:
    soon = datetime.now(timezone(timedelta(hours=-5))) + timedelta(minutes=4)
    assert from_record(with_header("ce_time", soon.isoformat().encode())).time == soon

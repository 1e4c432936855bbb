"""Records that are no events of ours are refused, and the field that is wrong is named."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.binary import InvalidRecordError, from_record, to_record
from autodev.events.catalogue import EVENT_TYPES
from autodev.events.models.agent import TaskEvent
from autodev.events.record import Record
from tests.unit.events.records import event, received, report, with_header, with_value, without_header

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


def test_an_attribute_with_a_hostile_name_is_told_without_control_characters_and_cut() -> None:
    field = refusal(with_header("ce_\x1b[31m\n" + "x" * 1_000, None)).field
    assert field.startswith(r"ce_\x1b[31m\nxxx")
    assert len(field) < 100


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
        ("9999-12-31T23:59:60Z", "is out of range"),
    ],
)
def test_a_time_that_can_not_be_is_refused(text: str, reason: str) -> None:
    refused = refusal(with_header("ce_time", text.encode()))
    assert (refused.field, refused.reason) == ("ce_time", reason)


def test_a_time_more_than_five_minutes_ahead_is_refused() -> None:
    soon = datetime.now(UTC) + timedelta(minutes=6)
    refused = refusal(received(to_record(report(time=soon))))
    assert (refused.field, refused.reason) == ("ce_time", "is more than 5 minutes ahead of now")


def test_between_services_a_clock_that_was_set_back_refuses_nothing() -> None:
    hours_ahead = datetime.now(UTC) + timedelta(hours=3)
    assert from_record(with_header("ce_time", hours_ahead.isoformat().encode())).time == hours_ahead


@pytest.mark.parametrize(
    "text",
    [
        "1764000000",
        "2026-03-01",
        "20260301T120000Z",
        "2026-W09-7T12:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-03-01T24:01Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T12:00Z",
        "2026-03-01T12Z",
        "2026-03-01T120000Z",
        "2026-03-01T12:00:00,5Z",
        "2026-03-01T12:00:00.Z",
        "2026-03-01T12:00:00+01",
        "2026-03-01T12:00:00+0100",
        "2026-03-01T12:00:00+01:00:30",
        "2026-03-01T12:00:00+24:00",
        "2026-02-30T12:00:00Z",
        "2026-03-01T12:00:60Z",
        "2026-03-01T12:00:00Z ",
        "\uff12026-03-01T12:00:00Z",
    ],
)
def test_a_time_in_no_form_of_rfc_3339_is_refused(text: str) -> None:
    refused = refusal(with_header("ce_time", text.encode()))
    assert (refused.field, refused.reason) == ("ce_time", "is no RFC 3339 time")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01t12:00:00z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01 12:00:00.5Z", datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-01T12:00:00.123456789-05:30", datetime(2026, 3, 1, 17, 30, 0, 123_456, tzinfo=UTC)),
        ("2026-03-01T12:00:00-00:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2016-12-31T23:59:60.25Z", datetime(2017, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)),
        ("2017-01-01T00:59:60+01:00", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_every_form_of_rfc_3339_is_read(text: str, moment: datetime) -> None:
    assert from_record(with_header("ce_time", text.encode())).time == moment


def test_a_time_before_kafkas_first_is_refused() -> None:
    assert refusal(with_header("ce_time", b"1969-12-31T23:59:59Z")).field == "ce_time"


@pytest.mark.parametrize("name", ["ce_id", "ce_correlationid", "ce_causationid"])
@pytest.mark.parametrize("value", [b"a b", "\u00e9".encode(), b"x" * 129], ids=["space", "not ASCII", "long"])
def test_an_id_that_no_table_or_log_could_take_is_refused(name: str, value: bytes) -> None:
    assert refusal(with_header(name, value)).field == name


@pytest.mark.parametrize(
    "key", [None, b"", b"\xff", b"acme", b"globex/scout", b"acme/scout/", b"ACME/scout", b"acme/scout\x00"]
)
def test_a_key_that_is_not_what_the_data_say_is_refused(key: bytes | None) -> None:
    assert refusal(replace(received(to_record(report())), key=key)).field == "key"


@pytest.mark.parametrize("key", [None, b"", b"acme", b"acme/", b"/speed", b"acme/speed/x", b"acme/speed\n", b"../../x"])
def test_a_tombstone_whose_key_names_no_skill_is_refused(key: bytes | None) -> None:
    sent = event(None, type=EVENT_TYPES["dev.autodev.skill.promoted.v1"], key="acme/speed")
    assert refusal(replace(received(to_record(sent)), key=key)).field == "key"


def test_a_tombstone_where_nothing_is_ever_withdrawn_is_refused() -> None:
    assert refusal(with_value(None)).field == "data"
    assert refusal(with_value(None, event())).field == "data"


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


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ('"outcome":true', "outcome"),
        ('"occurred_at":1764000000', "occurred_at"),
        ('"occurred_at":"1764000000"', "occurred_at"),
        ('"occurred_at":"2026-03-01T12:00:00"', "occurred_at"),
        ('"task_description":5', "task_description"),
        ('"metadata":[]', "metadata"),
        ('"metadata":null', "metadata"),
        ('"agent_id":["scout"]', "agent_id"),
        ('"tenant_id":""', "tenant_id"),
        ('"tenant_id":" "', "tenant_id"),
        (f'"tenant_id":"{"x" * 129}"', "tenant_id"),
        ('"tenant_id":"acme\\n"', "tenant_id"),
        ('"agent_id":"../../etc/passwd"', "agent_id"),
        ('"agent_id":"\\u001b[31mred"', "agent_id"),
        ('"agent_id":"<script>"', "agent_id"),
        ('"episode_id":"\\u0000"', "episode_id"),
        (
            '"call":{"entrypoint":"f","arguments":{"args":{}},"outcome":{"kind":"returned","value":1}}',
            "call.arguments.args",
        ),
        ('"call":{"entrypoint":"f","arguments":{},"outcome":{"kind":"hunter2"}}', "call.outcome"),
        ('"metadata":{"a":1e400}', "metadata.a"),
        ('"metadata":{"a":[0,-Infinity]}', "metadata.a.1"),
        ('"metadata":{"a":NaN}', "metadata.a"),
        (f'"metadata":{{"a":1{"0" * 400}}}', "metadata.a"),
        (f'"metadata":{{"a":1{"0" * 5_000}}}', "data"),
        ('"metadata":{"a":1,"a":2}', "metadata.a"),
        ('"metadata":{"a":[{"b":1,"\\u0062":2}]}', "metadata.a.0.b"),
        ('"tenant_id":"acme"', "tenant_id"),
        ('"added_later":{"x":1,"x":1}', "added_later.x"),
        ('"metadata":{"a":"\\ud800"}', "data"),
        ('"metadata":{"\\udfff":1}', "data"),
        (f'"metadata":{"[" * 10_000}{"]" * 10_000}', "data"),
        (f'"metadata":{{"a":{"[" * 250}{"]" * 250}}}', "data"),
        (f'"metadata":{"{" * 3}', "data"),
    ],
)
def test_a_report_with_one_wrong_field_names_it(change: str, field: str) -> None:
    """`change` comes last; what it changes is taken out before, unless it is meant to be there twice."""
    name = change.partition(":")[0]
    members = json.loads(to_record(report()).value or b"")
    if change != '"tenant_id":"acme"':
        members.pop(name.strip('"'), None)
    value = f"{json.dumps(members)[:-1]},{change}}}".encode()
    refused = refusal(with_value(value))
    assert refused.field == field
    assert "hunter2" not in refused.reason


@pytest.mark.parametrize("number", ["-0.0", "1e308", "9007199254740993", "18446744073709551616", "1" + "0" * 300])
def test_a_number_that_every_reader_takes_stays_as_it_is(number: str) -> None:
    value = json.dumps({"x": 0}).replace("0", number)
    sent = (to_record(report()).value or b"").replace(b'"metadata":{}', f'"metadata":{value}'.encode())
    read = from_record(with_value(sent)).data
    assert isinstance(read, TaskEvent)
    assert repr(read.metadata["x"]) == repr(json.loads(number))
    assert TaskEvent.read(read.write()) == read


def test_a_field_with_a_hostile_name_is_told_without_control_characters_and_cut() -> None:
    name = "\\u001b[31m\\n" + "x" * 100_000
    sent = (to_record(report()).value or b"").replace(b'"metadata":{}', f'"metadata":{{"{name}":NaN}}'.encode())
    field = refusal(with_value(sent)).field
    assert field.startswith(r"metadata.\x1b[31m\nxxx")
    assert field.isprintable()
    assert len(field) < 200


def test_many_children_of_a_long_name_cost_no_more_than_their_bytes() -> None:
    name, children = "x" * 300_000, ",".join(["0"] * 100_000)
    metadata = f'"metadata":{{"{name}":[{children}],"\\u0061":1}}'
    from_record(with_value((to_record(report()).value or b"").replace(b'"metadata":{}', metadata.encode())))


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

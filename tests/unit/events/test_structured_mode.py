"""CloudEvents in structured mode are read like those in binary mode, and refused alike."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from autodev.events.binary import InvalidRecordError, from_record, to_record
from autodev.events.envelope import TraceContext
from autodev.events.record import Record
from autodev.events.structured import to_binary
from autodev.ids import CaseId, EventId
from tests.unit.events.records import received, report

SENT = report(
    correlation_id=CaseId("case-1"), causation_id=EventId("cause-1"), trace=TraceContext(start="00-" + "1" * 32 + "-01")
)
CONTENT_TYPE = ("content-type", b"application/cloudevents+json; charset=utf-8")


def envelope() -> dict[str, Any]:
    assert SENT.data is not None
    return {
        "specversion": "1.0",
        "id": SENT.id,
        "source": SENT.source,
        "type": SENT.type.name,
        "time": SENT.time.isoformat(),
        "partitionkey": SENT.key,
        "correlationid": SENT.correlation_id,
        "causationid": SENT.causation_id,
        "traceparent": SENT.trace.start,
        "datacontenttype": "application/json",
        "data": json.loads(SENT.data.write()),
    }


def structured(value: bytes, content_type: bytes = CONTENT_TYPE[1]) -> Record:
    return replace(received(to_record(SENT)), value=value, headers=(("content-type", content_type),))


def refusal(record: Record) -> InvalidRecordError:
    with pytest.raises(InvalidRecordError) as refused:
        from_record(record)
    return refused.value


def test_it_is_the_same_event_as_in_binary_mode() -> None:
    assert from_record(structured(json.dumps(envelope()).encode())) == SENT


def test_what_the_cloudevents_package_writes_is_read() -> None:
    attributes = {name: value for name, value in envelope().items() if name not in ("data", "time")}
    written = JSONFormat().write(CloudEvent(attributes=attributes | {"time": SENT.time}, data=envelope()["data"]))
    assert from_record(structured(written)) == SENT


def test_data_may_come_as_base64() -> None:
    given = envelope()
    data = json.dumps(given.pop("data")).encode()
    assert (
        from_record(structured(json.dumps(given | {"data_base64": base64.b64encode(data).decode()}).encode())) == SENT
    )


def test_large_integers_stay_what_they_are() -> None:
    given = envelope()
    given["data"]["metadata"] = {"x": 2**70 + 1}
    assert from_record(structured(json.dumps(given).encode())).data.metadata == {"x": 2**70 + 1}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("value", "text"),
    [(7, b"7"), (-(2**31), b"-2147483648"), (True, b"true"), (False, b"false"), ("as it is", b"as it is")],
)
def test_an_extension_may_be_an_integer_or_a_boolean(value: object, text: bytes) -> None:
    record = structured(json.dumps(envelope() | {"extension": value}).encode())
    assert from_record(record) == SENT
    assert dict(to_binary(record).headers)["ce_extension"] == text


def test_an_attribute_that_is_null_is_not_there() -> None:
    record = structured(json.dumps(envelope() | {"extension": None, "correlationid": None}).encode())
    assert from_record(record) == replace(SENT, correlation_id=None)


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "time"])
def test_a_missing_attribute_is_named(name: str) -> None:
    given = envelope()
    del given[name]
    assert refusal(structured(json.dumps(given).encode())).field == f"ce_{name}"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (b"", "data"),
        (b"[]", "data"),
        (b"{", "data"),
        (b"\xff", "data"),
        (b"[" * 100_000, "data"),
        (json.dumps(envelope() | {"id": 5}).encode(), "ce_id"),
        (json.dumps(envelope() | {"source": True}).encode(), "ce_source"),
        (json.dumps(envelope() | {"id": None}).encode(), "ce_id"),
        (json.dumps(envelope() | {"extension": 2**31}).encode(), "ce_extension"),
        (json.dumps(envelope() | {"extension": 1.5}).encode(), "ce_extension"),
        (json.dumps(envelope() | {"extension": []}).encode(), "ce_extension"),
        (json.dumps(envelope() | {"data": None}).encode(), "data"),
        (json.dumps(envelope() | {"data": "text"}).encode(), "data"),
        (json.dumps(envelope() | {"data_base64": "?"}).encode(), "data_base64"),
        (json.dumps(envelope() | {"data_base64": 5}).encode(), "data_base64"),
        (json.dumps(envelope() | {"source": "a\nb"}).encode(), "ce_source"),
        (json.dumps(envelope() | {"source": "\ud800"}).encode(), "data"),
        (json.dumps(envelope())[:-1].encode() + b', "id": "other"}', "id"),
    ],
)
def test_a_wrong_envelope_is_refused_with_the_field(value: bytes, field: str) -> None:
    assert refusal(structured(value)).field == field


def test_a_null_value_is_refused() -> None:
    assert refusal(replace(structured(b""), value=None)).field == "data"


@pytest.mark.parametrize("kind", [b"application/cloudevents-batch+json", b"application/cloudevents+xml"])
def test_batches_and_other_formats_are_refused_by_their_content_type(kind: bytes) -> None:
    assert refusal(structured(b"[]", kind)).field == "content-type"

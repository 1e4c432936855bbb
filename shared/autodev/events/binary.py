"""CloudEvents 1.0 in Kafka's binary mode: attributes in `ce_` headers, the data alone in the value.

A fast path of our own: the `cloudevents` package takes about 27 µs an event, can't write a tombstone's null and
raises on headers that are no UTF-8. A property test holds that its parser agrees with what is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from autodev.events.catalogue import EVENT_TYPES, Cleanup
from autodev.events.envelope import Event, TraceContext
from autodev.events.models.base import EventData, utc_now
from autodev.events.record import Headers, OutgoingRecord, Record
from autodev.ids import CaseId, EventId

SPEC_VERSION = "1.0"
JSON_TYPE = "application/json"
_MAX_ATTRIBUTE = 1_024
_MAX_AHEAD = timedelta(minutes=5)
"""The broker refuses records an hour ahead of its clock, and a wrong clock would hold windows open."""


class InvalidRecordError(ValueError):
    """A record that is no event of ours. `field` says where, `reason` what is wrong with it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def to_record(event: Event[EventData]) -> OutgoingRecord:
    """The record that carries `event`; its Kafka timestamp is the event's time."""
    attributes = {
        "ce_specversion": SPEC_VERSION,
        "ce_id": event.id,
        "ce_source": event.source,
        "ce_type": event.type.name,
        "ce_time": event.time.isoformat().replace("+00:00", "Z"),
        "ce_partitionkey": event.key,
        "ce_correlationid": event.correlation_id,
        "ce_causationid": event.causation_id,
        "ce_traceparent": event.trace.start,
        "traceparent": event.trace.traceparent,
        "tracestate": event.trace.tracestate,
        "content-type": JSON_TYPE if event.data is not None else None,
    }
    return OutgoingRecord(
        topic=event.type.topic.name,
        key=event.key.encode(),
        value=event.data.write() if event.data is not None else None,
        headers=tuple((name, value.encode()) for name, value in attributes.items() if value is not None),
        timestamp_ms=int(event.time.timestamp() * 1000),
    )


def from_record(record: Record) -> Event[EventData]:
    """The event that `record` carries.

    Raises:
        InvalidRecordError: no CloudEvent, an unknown type or major version, or data that its model refuses.
    """
    attributes = _attributes(record.headers)
    if attributes.get("ce_specversion") != SPEC_VERSION:
        raise InvalidRecordError("ce_specversion", f"is {attributes.get('ce_specversion')!r}, not {SPEC_VERSION!r}")
    event_type = EVENT_TYPES.get(_required(attributes, "ce_type"))
    if event_type is None:
        raise InvalidRecordError("ce_type", f"{attributes['ce_type']!r} is no known event type")
    if event_type.topic.name != record.topic:
        raise InvalidRecordError("ce_type", f"{event_type.name} belongs on {event_type.topic.name}")
    if record.value is None and event_type.topic.cleanup is not Cleanup.COMPACT:
        raise InvalidRecordError("data", "is missing, on a topic where nothing is ever withdrawn")
    return Event(
        id=EventId(_required(attributes, "ce_id")),
        source=_required(attributes, "ce_source"),
        type=event_type,
        time=_time(_required(attributes, "ce_time")),
        key=_key(record.key),
        data=read_data(event_type.data, record.value) if record.value is not None else None,
        correlation_id=CaseId(attributes["ce_correlationid"]) if "ce_correlationid" in attributes else None,
        causation_id=EventId(attributes["ce_causationid"]) if "ce_causationid" in attributes else None,
        trace=TraceContext(
            attributes.get("traceparent"), attributes.get("tracestate"), attributes.get("ce_traceparent")
        ),
    )


def read_data(model: type[EventData], value: bytes) -> EventData:
    """Data of that model.

    Raises:
        InvalidRecordError: with the first field that is wrong, never with the value itself, which may be secret.
    """
    try:
        return model.read(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(part) for part in first["loc"]) or "data"
        raise InvalidRecordError(path, first["msg"]) from None


def _attributes(headers: Headers) -> Mapping[str, str]:
    """Our headers as text; those of others are nobody's business and may hold any bytes."""
    attributes: dict[str, str] = {}
    for name, value in headers:
        if not name.startswith("ce_") and name not in ("traceparent", "tracestate"):
            continue
        if name in attributes:
            raise InvalidRecordError(name, "is given twice")
        if value is None or len(value) > _MAX_ATTRIBUTE:
            raise InvalidRecordError(name, f"is empty or longer than {_MAX_ATTRIBUTE} bytes")
        try:
            text = value.decode()
        except UnicodeDecodeError:
            raise InvalidRecordError(name, "is not UTF-8") from None
        if not text.isprintable():
            raise InvalidRecordError(name, "holds control characters")
        attributes[name] = text
    return attributes


def _required(attributes: Mapping[str, str], name: str) -> str:
    value = attributes.get(name)
    if not value:
        raise InvalidRecordError(name, "is missing")
    return value


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidRecordError("ce_time", "is no RFC 3339 time") from None
    if moment.tzinfo is None:
        raise InvalidRecordError("ce_time", "has no time zone")
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise InvalidRecordError("ce_time", "is out of range") from None
    if moment > utc_now() + _MAX_AHEAD:
        raise InvalidRecordError("ce_time", f"is more than {_MAX_AHEAD.seconds // 60} minutes ahead of now")
    return moment


def _key(key: bytes | None) -> str:
    try:
        return (key or b"").decode()
    except UnicodeDecodeError:
        raise InvalidRecordError("key", "is not UTF-8") from None

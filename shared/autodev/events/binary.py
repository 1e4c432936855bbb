"""CloudEvents 1.0 in Kafka's binary mode: attributes in `ce_` headers, the data alone in the value.

A fast path of our own: the `cloudevents` package takes about 27 µs an event, can't write a tombstone's null and
raises on headers that are no UTF-8. A property test holds that its parser agrees with what is written here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from pydantic import ValidationError

from autodev.events import place
from autodev.events.catalogue import (
    EVENT_TYPES,
    SKILL_EXECUTED,
    SKILL_PROMOTED,
    SKILL_REGISTERED,
    TASK_REPORTED,
    EventType,
)
from autodev.events.envelope import UNTRACED, Event, TraceContext
from autodev.events.invalid import InvalidRecordError
from autodev.events.models.base import EventData, utc_now
from autodev.events.moments import parse_moment
from autodev.events.plain_json import NotPlainError
from autodev.events.record import Headers, OutgoingRecord, Record
from autodev.events.structured import OF_THE_HOP, in_binary_mode
from autodev.ids import IDENTIFIER, NAME, CaseId, EventId

__all__ = [
    "JSON_TYPE",
    "REPORTED",
    "SPEC_VERSION",
    "InvalidRecordError",
    "from_binary",
    "from_record",
    "read_data",
    "to_record",
]

SPEC_VERSION = "1.0"
JSON_TYPE = "application/json"
REPORTED: Final = (TASK_REPORTED, SKILL_EXECUTED, SKILL_REGISTERED)
"""Topics that agents write."""
_MAX_ATTRIBUTE = 1_024
MAX_AHEAD: Final = timedelta(minutes=5)
"""Of what agents report: a wrong clock would hold windows open. Between services there is no such limit: to a reader
whose own clock was set back, all that the others say would be of the future, and become dead letters."""
_TRACE: Final = ("traceparent", "tracestate", "ce_traceparent")
"""Attributes in the order of `TraceContext`."""
_OUR_VERSION: Final = ("ce_specversion", SPEC_VERSION.encode())
_OF_JSON: Final = ("content-type", JSON_TYPE.encode())
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(IDENTIFIER)
_NAME = re.compile(NAME)


def to_record(event: Event[EventData], written: bytes | None = None) -> OutgoingRecord:
    """The record that carries `event`; its Kafka timestamp is the event's time.

    `written` is its data as they write themselves, where somebody needed them before.
    """
    type_, trace, key = event.type, event.trace, event.key.encode()
    time, timestamp_ms = _same_for_a_batch(event.time) if event.time.tzinfo is UTC else _told(event.time)
    headers: list[tuple[str, bytes | None]] = [
        _OUR_VERSION,
        ("ce_id", event.id.encode()),
        ("ce_source", event.source.encode()),
        ("ce_type", type_.name.encode()),
        time,
        ("ce_partitionkey", key),
    ]
    if event.correlation_id is not None:
        headers.append(("ce_correlationid", event.correlation_id.encode()))
    if event.causation_id is not None:
        headers.append(("ce_causationid", event.causation_id.encode()))
    if trace is not UNTRACED:
        headers += [
            (name, value.encode())
            for name, value in (
                ("ce_traceparent", trace.start),
                ("traceparent", trace.traceparent),
                ("tracestate", trace.tracestate),
            )
            if value is not None
        ]
    if event.data is not None:
        headers.append(("ce_dataschema", type_.schema_id.encode()))
        headers.append(_OF_JSON)
        written = written or event.data.write()
    return OutgoingRecord(type_.topic.name, key, written, tuple(headers), timestamp_ms)


def _told(moment: datetime) -> tuple[tuple[str, bytes], int]:
    """The header that tells an event's time, and Kafka's milliseconds of it."""
    text = moment.isoformat().replace("+00:00", "Z")
    return ("ce_time", text.encode()), int(moment.timestamp() * 1000)


_same_for_a_batch = lru_cache(maxsize=1)(_told)
"""For moments in UTC alone: of two zones, equal moments are told apart."""


def from_record(record: Record) -> Event[EventData]:
    """The event that `record` carries, in binary or structured mode.

    Raises:
        InvalidRecordError: no CloudEvent, an unknown type or major version, data that its model refuses, or a key that
            is not what the data say.
    """
    return from_binary(in_binary_mode(record))


def from_binary(record: Record) -> Event[EventData]:
    """The event that `record` carries in binary mode.

    Raises:
        InvalidRecordError: as `from_record`.
    """
    attributes = _attributes(record.headers)
    if attributes.get("ce_specversion") != SPEC_VERSION:
        raise InvalidRecordError("ce_specversion", f"is {attributes.get('ce_specversion')!r}, not {SPEC_VERSION!r}")
    event_type = EVENT_TYPES.get(_required(attributes, "ce_type"))
    if event_type is None:
        raise InvalidRecordError("ce_type", f"{attributes['ce_type']!r} is no known event type")
    if event_type.topic.name != record.topic:
        raise InvalidRecordError("ce_type", f"{event_type.name} belongs on {event_type.topic.name}")
    _required(attributes, "ce_id")
    data = _data(event_type, record.value)
    correlation_id, causation_id = _token(attributes, "ce_correlationid"), _token(attributes, "ce_causationid")
    return Event(
        id=EventId(_token(attributes, "ce_id") or ""),
        source=_required(attributes, "ce_source"),
        type=event_type,
        time=_time(_required(attributes, "ce_time"), event_type),
        key=_key(record.key, event_type, data),
        data=data,
        correlation_id=CaseId(correlation_id) if correlation_id is not None else None,
        causation_id=EventId(causation_id) if causation_id is not None else None,
        trace=_trace(attributes),
        size=len(record.value or b""),
    )


def read_data(model: type[EventData], value: bytes) -> EventData:
    """Data of that model.

    Raises:
        InvalidRecordError: with the first field that is wrong, never with the value itself, which may be secret.
    """
    try:
        return model.read(value)
    except NotPlainError as error:
        raise InvalidRecordError(error.field, error.reason) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidRecordError(place.dotted(first["loc"]), place.reason(first)) from None


def _attributes(headers: Headers) -> Mapping[str, str]:
    """Our headers as text; those of others are nobody's business and may hold any bytes."""
    attributes: dict[str, str] = {}
    for name, value in headers:
        if name[:3] != "ce_" and name not in OF_THE_HOP:
            continue
        if name in attributes:
            raise _refused(name, "is given twice")
        if value is None or len(value) > _MAX_ATTRIBUTE:
            raise _refused(name, f"is empty or longer than {_MAX_ATTRIBUTE} bytes")
        try:
            text = value.decode()
        except UnicodeDecodeError:
            raise _refused(name, "is not UTF-8") from None
        if not text.isprintable():
            raise _refused(name, "holds control characters")
        attributes[name] = text
    return attributes


def _refused(name: str, reason: str) -> InvalidRecordError:
    return InvalidRecordError(place.dotted([name]), reason)


def _required(attributes: Mapping[str, str], name: str) -> str:
    value = attributes.get(name)
    if not value:
        raise InvalidRecordError(name, "is missing")
    return value


def _token(attributes: Mapping[str, str], name: str) -> str | None:
    value = attributes.get(name)
    if value is not None and not _TOKEN.fullmatch(value):
        raise InvalidRecordError(name, "is no id of 1 to 128 visible ASCII characters")
    return value


def _trace(attributes: Mapping[str, str]) -> TraceContext:
    if attributes.keys().isdisjoint(_TRACE):
        return UNTRACED
    return TraceContext(*(attributes.get(name) for name in _TRACE))


def _time(text: str, event_type: EventType) -> datetime:
    try:
        moment = parse_moment(text)
    except ValueError as error:
        raise InvalidRecordError("ce_time", str(error)) from None
    if moment < _EPOCH:
        raise InvalidRecordError("ce_time", "is before 1970, where Kafka has no time")
    if event_type.topic in REPORTED and moment > utc_now() + MAX_AHEAD:
        raise InvalidRecordError("ce_time", f"is more than {MAX_AHEAD.seconds // 60} minutes ahead of now")
    return moment


def _data(event_type: EventType, value: bytes | None) -> EventData | None:
    if value is not None:
        return read_data(event_type.data, value)
    if event_type.topic is not SKILL_PROMOTED:
        raise InvalidRecordError("data", "is missing, on a topic where nothing is ever withdrawn")
    return None


def _key(key: bytes | None, event_type: EventType, data: EventData | None) -> str:
    """The key, which puts the event in its order and, on a compacted topic, replaces what went before under it."""
    try:
        text = (key or b"").decode()
    except UnicodeDecodeError:
        raise InvalidRecordError("key", "is not UTF-8") from None
    if data is not None and text != data.record_key():
        raise InvalidRecordError("key", f"is not {data.record_key()!r}, the {event_type.topic.key} of the data")
    parts = text.split("/")
    if data is None and not (len(parts) == 2 and all(map(_NAME.fullmatch, parts))):
        raise InvalidRecordError("key", f"is no {event_type.topic.key}")
    return text

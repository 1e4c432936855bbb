"""One event over HTTP: CloudEvents in binary mode, answered once the broker holds it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request

from autodev.events.binary import InvalidRecordError, from_record
from autodev.events.catalogue import EVENT_TYPES, SKILL_EXECUTED, SKILL_REGISTERED, TASK_REPORTED, Topic
from autodev.events.models.base import utc_now
from autodev.events.record import OutgoingRecord, Record
from autodev.service.problems import Problem, answer_with_problems
from autodev.stream.ports import Publisher
from services.ingestion.handlers import check

REPORTED = (TASK_REPORTED, SKILL_EXECUTED, SKILL_REGISTERED)
ATTRIBUTES = ("specversion", "id", "source", "type", "time", "traceparent")


def ingestion_api(publisher: Publisher) -> FastAPI:
    """The API of the ingestion service."""
    app = FastAPI(title="Auto-Dev Streams: ingestion", docs_url=None, redoc_url=None)
    answer_with_problems(app)

    @app.post("/v1/events", status_code=202, summary="Report one event")
    async def report(request: Request) -> dict[str, str]:
        """CloudEvents headers `ce-id`, `ce-source`, `ce-type`, `ce-time` (default now), the data as JSON body."""
        record = _record(dict(request.headers), await _body(request))
        try:
            event = from_record(record)
            check(event)
        except InvalidRecordError as error:
            raise Problem(422, "Invalid event", error.reason, field=error.field.replace("ce_", "ce-")) from None
        outgoing = OutgoingRecord(
            record.topic, record.key, record.value, record.headers, timestamp_ms=int(event.time.timestamp() * 1000)
        )
        if outgoing.size > event.type.topic.max_bytes:
            raise _too_large(event.type.topic)
        try:
            await publisher.publish([outgoing])
        except Exception as error:
            raise Problem(
                503,
                "Broker away",
                f"the event was not stored ({type(error).__name__}); send it again, with the same ce-id",
                headers={"Retry-After": "1"},
            ) from error
        return {"id": event.id}

    return app


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > TASK_REPORTED.max_bytes:
            raise _too_large(TASK_REPORTED)
    return bytes(body)


def _too_large(topic: Topic) -> Problem:
    detail = f"{topic.name} takes {topic.max_bytes} bytes, headers included: send less with the event"
    return Problem(413, "Event too large", detail, field="data")


def _record(headers: dict[str, str], value: bytes) -> Record:
    """The record that a Kafka producer would have written, keyed by what the data says."""
    given = {name: headers[f"ce-{name}"] for name in ATTRIBUTES if f"ce-{name}" in headers}
    given.setdefault("time", utc_now().isoformat())
    event_type = EVENT_TYPES.get(given.get("type", ""))
    if event_type is None or event_type.topic not in REPORTED:
        known = ", ".join(entry.name for entry in EVENT_TYPES.values() if entry.topic in REPORTED)
        raise Problem(422, "Invalid event", f"{given.get('type')!r} is none of {known}", field="ce-type")
    attributes: dict[str, Any] = {f"ce_{name}": text for name, text in given.items()}
    if "traceparent" in headers:
        attributes["traceparent"] = headers["traceparent"]
    attributes["content-type"] = "application/json"
    try:
        key = event_type.data.read(value).record_key()
    except ValueError:
        key = ""  # from_record says which field is wrong
    return Record(
        topic=event_type.topic.name,
        partition=0,
        offset=0,
        timestamp_ms=0,
        key=key.encode(),
        value=value,
        # The bytes as they were sent: the server reads header values as Latin-1.
        headers=tuple((name, text.encode("latin-1")) for name, text in attributes.items()),
    )

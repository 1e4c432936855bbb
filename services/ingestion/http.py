"""One event over HTTP: CloudEvents in binary or structured mode, answered once the broker holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request

from autodev.events.binary import JSON_TYPE, REPORTED, InvalidRecordError, from_record
from autodev.events.catalogue import EVENT_TYPES, EventType, Topic
from autodev.events.envelope import Event
from autodev.events.models.base import EventData, utc_now
from autodev.events.record import OutgoingRecord, Record
from autodev.events.structured import in_binary_mode
from autodev.service.bodies import JsonBodies
from autodev.service.problems import Problem, answer_with_problems
from autodev.stream.content import digest_of
from autodev.stream.ports import Publisher
from services.ingestion.claims import Claim, IdTakenError, unclaimed
from services.ingestion.handlers import check

ATTRIBUTES: Final = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_traceparent")
"""What an agent may say about its event; the rest is ours to say."""
OF_THE_HOP: Final = ("traceparent",)


def ingestion_api(publisher: Publisher, claim: Claim = unclaimed) -> FastAPI:
    """The API of the ingestion service."""
    app = FastAPI(title="Auto-Dev Streams: ingestion", docs_url=None, redoc_url=None)
    app.add_middleware(JsonBodies)
    answer_with_problems(app)

    @app.post("/v1/events", status_code=202, summary="Report one event")
    async def report(request: Request) -> dict[str, str]:
        """CloudEvents headers `ce-id`, `ce-source`, `ce-type`, `ce-time` (default now), the data as JSON body; or all
        of it in one body of `application/cloudevents+json`."""
        try:
            record = _keyed(_attributed(_received(request.headers.raw, await request.body())))
            event = from_record(record)
            check(event)
        except InvalidRecordError as error:
            raise _invalid(error.field, error.reason) from None
        outgoing = _outgoing(record, event)
        try:
            async with claim(event, _digest(event, record)):
                await _publish(publisher, outgoing)
        except IdTakenError as error:
            raise _id_taken(error) from None
        return {"id": event.id}

    return app


def _received(headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Record:
    """What was sent, with `ce_` for `ce-` and the values' bytes as they came."""
    return Record("", 0, 0, 0, None, body, tuple((_named(name), value) for name, value in headers))


def _named(header: bytes) -> str:
    name = header.decode("latin-1").lower()
    return f"ce_{name[3:]}" if name.startswith("ce-") else name


def _attributed(record: Record) -> Record:
    """In binary mode, with a time, and without what agents have no say in."""
    binary = in_binary_mode(record)
    headers = [(name, value) for name, value in binary.headers if name in (*ATTRIBUTES, *OF_THE_HOP)]
    if "ce_time" not in dict(headers):
        headers.append(("ce_time", utc_now().isoformat().encode()))
    return replace(binary, headers=(*headers, ("content-type", JSON_TYPE.encode())))


def _keyed(record: Record) -> Record:
    """On its type's topic, under the key that its data say."""
    event_type = _reported_type(dict(record.headers).get("ce_type"))
    try:
        key = event_type.data.read(record.value or b"").record_key()
    except ValueError:
        key = ""  # from_record says which field is wrong
    return replace(record, topic=event_type.topic.name, key=key.encode())


def _reported_type(name: bytes | None) -> EventType:
    event_type = EVENT_TYPES.get((name or b"").decode("latin-1"))
    if event_type is None or event_type.topic not in REPORTED:
        known = ", ".join(entry.name for entry in EVENT_TYPES.values() if entry.topic in REPORTED)
        raise InvalidRecordError("ce_type", f"is none of {known}")
    return event_type


def _outgoing(record: Record, event: Event[EventData]) -> OutgoingRecord:
    outgoing = OutgoingRecord(
        record.topic, record.key, record.value, record.headers, timestamp_ms=int(event.time.timestamp() * 1000)
    )
    if outgoing.size > event.type.topic.max_bytes:
        raise _too_large(event.type.topic)
    return outgoing


def _digest(event: Event[EventData], record: Record) -> bytes:
    digest = digest_of(event, record)
    assert digest is not None, "agents' events have one"
    return digest


async def _publish(publisher: Publisher, outgoing: OutgoingRecord) -> None:
    try:
        await publisher.publish([outgoing])
    except Exception as error:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Broker away",
            f"the event was not stored ({type(error).__name__}); send it again, with the same ce-id",
            headers={"Retry-After": "1"},
        ) from error


def _invalid(field: str, reason: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid event", reason, field=field.replace("ce_", "ce-", 1))


def _id_taken(error: IdTakenError) -> Problem:
    since = "" if error.at is None else f", at {error.at.isoformat()}"
    detail = f"was used before with other content{since}: another event needs an id of its own, or a source of its own"
    return Problem(HTTPStatus.CONFLICT, "Id already used", detail, field="ce-id")


def _too_large(topic: Topic) -> Problem:
    detail = f"{topic.name} takes {topic.max_bytes} bytes, headers included: send less with the event"
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Event too large", detail, field="data")

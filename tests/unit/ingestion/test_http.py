"""One event over HTTP: what is taken, and what is refused with which words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import orjson
import pytest

from autodev.events.binary import from_record
from autodev.events.catalogue import MIB
from autodev.events.record import OutgoingRecord, Record
from autodev.ids import new_event_id, sha256
from services.ingestion.http import ingestion_api

HEADERS = {
    "ce-specversion": "1.0",
    "ce-id": "018f0000-0000-7000-8000-000000000001",
    "ce-source": "/agents/acme/scout",
    "ce-type": "dev.autodev.skill.executed.v1",
    "content-type": "application/json",
}
REPORT: dict[str, Any] = {
    "execution_id": "e1",
    "agent_id": "scout",
    "tenant_id": "acme",
    "skill_id": "speed",
    "success": True,
}


def called(argument: Any) -> dict[str, Any]:
    """A call with that argument, as tagged JSON."""
    return {"entrypoint": "speed", "arguments": {"args": [argument]}, "outcome": {"kind": "raised", "type": "KeyError"}}


class Broker:
    """Keeps what is published, or is away."""

    def __init__(self, away: Exception | None = None) -> None:
        self.away = away
        self.records: list[OutgoingRecord] = []

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        if self.away is not None:
            raise self.away
        self.records.extend(records)


async def post(
    broker: Broker,
    body: Any = REPORT,
    *,
    without: str | None = None,
    **headers: str,
) -> httpx2.Response:
    """POST with good headers, except for `headers` (underscores are dashes) and the one left out."""
    given = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    if without is not None:
        del given[without]
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    transport = httpx2.ASGITransport(app=ingestion_api(broker))
    async with httpx2.AsyncClient(transport=transport, base_url="http://ingestion") as client:
        return await client.post("/v1/events", content=content, headers=given)


def as_read(record: OutgoingRecord) -> Record:
    return Record(record.topic, 0, 0, record.timestamp_ms or 0, record.key, record.value, record.headers)


async def test_a_good_event_is_accepted_with_its_id_once_the_broker_holds_it() -> None:
    broker = Broker()
    response = await post(broker)
    assert (response.status_code, response.json()) == (202, {"id": HEADERS["ce-id"]})
    [record] = broker.records
    assert (record.topic, record.key) == ("agent.skill.executed.v1", b"acme/scout")
    event = from_record(as_read(record))
    assert (event.id, event.source, event.key) == (HEADERS["ce-id"], "/agents/acme/scout", "acme/scout")
    assert event.data is not None
    assert event.data.model_dump(include=set(REPORT)) == REPORT


async def test_the_body_is_passed_on_byte_by_byte_with_fields_of_a_newer_agent() -> None:
    broker = Broker()
    body = orjson.dumps(REPORT | {"field_of_tomorrow": [1, 2]})
    await post(broker, body)
    assert [record.value for record in broker.records] == [body]


async def test_a_trace_goes_with_it() -> None:
    broker = Broker()
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await post(broker, traceparent=traceparent)
    assert from_record(as_read(broker.records[0])).trace.traceparent == traceparent


async def test_a_module_source_is_keyed_by_its_content() -> None:
    broker = Broker()
    source = "def speed(): ...\n"
    body = {
        "tenant_id": "acme",
        "agent_id": "scout",
        "content_hash": sha256(source),
        "module": "tools",
        "source": source,
    }
    response = await post(broker, body, ce_type="dev.autodev.skill.registered.v1")
    assert response.status_code == 202
    assert broker.records[0].key == f"acme/{sha256(source)}".encode()


@pytest.mark.parametrize(
    ("body", "headers", "without", "field"),
    [
        (REPORT, {}, "ce-type", "ce-type"),
        (REPORT, {}, "ce-id", "ce-id"),
        (REPORT, {}, "ce-source", "ce-source"),
        (REPORT, {}, "ce-specversion", "ce-specversion"),
        (REPORT, {"ce_type": "dev.autodev.skill.executed.v9"}, None, "ce-type"),
        (REPORT, {"ce_type": "dev.autodev.skill.promoted.v1"}, None, "ce-type"),
        (REPORT, {"ce_time": "yesterday"}, None, "ce-time"),
        (REPORT, {"ce_time": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}, None, "ce-time"),
        (REPORT, {"ce_id": "x" * 2_000}, None, "ce-id"),
        (b"{", {}, None, "data"),
        (b"", {}, None, "data"),
        (b"\xff\xfe", {}, None, "data"),
        (b"[]", {}, None, "data"),
        ({**REPORT, "agent_id": ""}, {}, None, "agent_id"),
        ({**REPORT, "tenant_id": "acme/other"}, {}, None, "tenant_id"),
        ({name: value for name, value in REPORT.items() if name != "tenant_id"}, {}, None, "tenant_id"),
        ({**REPORT, "success": "perhaps"}, {}, None, "success"),
        ({**REPORT, "executions": 0}, {}, None, "executions"),
        ({**REPORT, "occurred_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}, {}, None, "occurred_at"),
        ({**REPORT, "occurred_at": (datetime.now(UTC) - timedelta(days=8)).isoformat()}, {}, None, "occurred_at"),
        ({**REPORT, "occurred_at": "2026-11-22T12:00:00"}, {}, None, "occurred_at"),
        ({**REPORT, "call": {"entrypoint": "speed", "arguments": {}}}, {}, None, "call.outcome"),
        ({**REPORT, "success": "true"}, {}, None, "success"),
        ({**REPORT, "executions": True}, {}, None, "executions"),
        ({**REPORT, "occurred_at": 1_764_000_000}, {}, None, "occurred_at"),
        ({**REPORT, "expected": {"value": {"$nothing": 1}}}, {}, None, "expected.value"),
        ({**REPORT, "call": called({"$int": "hunter2"})}, {}, None, "call.arguments.args.0"),
        ({**REPORT, "call": called({"$tuple": {"$tuple": []}})}, {}, None, "call.arguments.args.0"),
        (orjson.dumps(REPORT)[:-1] + b',"agent_id":"pilot"}', {}, None, "agent_id"),
        (orjson.dumps(REPORT)[:-1] + b',"metadata":{"a":NaN}}', {}, None, "metadata.a"),
        (orjson.dumps(REPORT)[:-1] + b',"metadata":{"a":"\\ud800"}}', {}, None, "metadata.a"),
        (REPORT, {"ce_time": "1970-01-01T00:00:00Z"}, None, "ce-time"),
        (REPORT, {"ce_time": "1969-01-01T00:00:00Z"}, None, "ce-time"),
        (REPORT, {"ce_id": "two words"}, None, "ce-id"),
    ],
)
async def test_what_is_wrong_is_refused_with_the_field_and_the_reason(
    body: Any, headers: dict[str, str], without: str | None, field: str
) -> None:
    broker = Broker()
    response = await post(broker, body, without=without, **headers)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    problem = response.json()
    assert problem["field"] == field
    assert problem["detail"]
    assert broker.records == []


@pytest.mark.parametrize(
    ("source", "changes", "field"),
    [
        ("def speed(:\n", {}, "source"),
        ("return 1\n", {}, "source"),
        ("x = 1\x00", {}, "source"),
        ("(" * 10_000, {}, "source"),
        ("x = " + "-" * 100_000 + "1", {}, "source"),
        ("x = 1\n" * 50_000, {}, "source"),
        ("x = 1\n", {"content_hash": "a" * 64}, "data"),
        ("x = 1\n", {"content_hash": "A" * 64}, "content_hash"),
        ("x = 1\n", {"source": 5}, "source"),
    ],
    ids=["syntax", "return outside", "NUL", "nesting", "recursion", "300 KB", "other hash", "no hash", "no text"],
)
async def test_a_source_that_is_no_program_is_refused(source: str, changes: dict[str, Any], field: str) -> None:
    broker = Broker()
    body = {"tenant_id": "acme", "agent_id": "scout", "module": "tools", "source": source}
    response = await post(
        broker, {**body, "content_hash": sha256(source), **changes}, ce_type="dev.autodev.skill.registered.v1"
    )
    assert (response.status_code, response.json()["field"]) == (422, field)
    assert broker.records == []


async def test_an_event_in_structured_mode_is_taken_like_one_in_binary_mode() -> None:
    broker = Broker()
    envelope = {name.removeprefix("ce-"): value for name, value in HEADERS.items() if name.startswith("ce-")}
    transport = httpx2.ASGITransport(app=ingestion_api(broker))
    async with httpx2.AsyncClient(transport=transport, base_url="http://ingestion") as client:
        kind = {"content-type": "application/cloudevents+json; charset=utf-8"}
        response = await client.post("/v1/events", content=orjson.dumps(envelope | {"data": REPORT}), headers=kind)
    assert (response.status_code, response.json()) == (202, {"id": HEADERS["ce-id"]})
    event = from_record(as_read(broker.records[0]))
    assert (event.source, event.key) == ("/agents/acme/scout", "acme/scout")


async def test_what_an_agent_marked_as_unencodable_is_taken() -> None:
    marked = {"$unencodable": {"type": "socket.socket", "repr": "<socket>"}}
    assert (await post(Broker(), {**REPORT, "call": called(marked)})).status_code == 202


@pytest.mark.parametrize(("seconds", "status"), [(299, 202), (302, 422)])
async def test_five_minutes_ahead_are_forgiven_and_no_more(seconds: int, status: int) -> None:
    moment = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    assert (await post(Broker(), {**REPORT, "occurred_at": moment})).status_code == status
    assert (await post(Broker(), ce_time=moment)).status_code == status


async def test_a_reason_stands_alone_without_the_parsers_words() -> None:
    response = await post(Broker(), {**REPORT, "occurred_at": "2026-11-22T12:00:00"})
    assert response.json()["detail"] == "has no time zone"


async def test_a_refusal_never_repeats_what_was_sent() -> None:
    response = await post(Broker(), {**REPORT, "success": "hunter2-secret"})
    assert "hunter2" not in response.text


@pytest.mark.parametrize("size", [MIB + 1, MIB])
async def test_what_the_topic_can_not_take_is_refused_as_too_large(size: int) -> None:
    broker = Broker()
    padding = size - len(orjson.dumps(REPORT | {"metadata": {"x": ""}}))
    response = await post(broker, REPORT | {"metadata": {"x": "x" * padding}})
    assert (response.status_code, response.headers["content-type"]) == (413, "application/problem+json")
    assert broker.records == []


@pytest.mark.parametrize("value", [b"1e15", b'"' + b"a://:b@" * 12 + b'"'], ids=["numbers", "secrets"])
async def test_what_outgrows_its_topic_when_it_is_written_again_is_refused(value: bytes) -> None:
    broker = Broker()
    values = b",".join([value] * (1_040_000 // (len(value) + 1)))
    response = await post(broker, orjson.dumps({**REPORT, "call": called(0)}).replace(b"[0]", b"[[" + values + b"]]"))
    assert (response.status_code, response.json()["field"]) == (422, "data")
    assert "when written out for ingestion.episode.recorded.v1, which takes 2097152" in response.json()["detail"]
    assert broker.records == []


async def test_a_large_report_that_stays_as_large_is_taken() -> None:
    assert (await post(Broker(), {**REPORT, "call": called("x" * 1_000_000)})).status_code == 202


async def test_when_the_broker_is_away_the_sender_is_told_to_send_it_again() -> None:
    response = await post(Broker(away=ConnectionError("no broker")))
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert "same ce-id" in response.json()["detail"]


async def test_other_methods_and_paths_are_refused_as_problems() -> None:
    transport = httpx2.ASGITransport(app=ingestion_api(Broker()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://ingestion") as client:
        wrong_method, wrong_path = await client.get("/v1/events"), await client.get("/v2/events")
    assert [(each.status_code, each.headers["content-type"]) for each in (wrong_method, wrong_path)] == [
        (405, "application/problem+json"),
        (404, "application/problem+json"),
    ]


async def test_a_slash_too_many_leads_nowhere_least_of_all_to_another_host() -> None:
    transport = httpx2.ASGITransport(app=ingestion_api(Broker()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://evil.example") as client:
        response = await client.post("/v1/events/", json=REPORT)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")
    assert "location" not in response.headers


async def test_a_source_may_hold_any_printable_text_in_utf_8() -> None:
    broker = Broker()
    transport = httpx2.ASGITransport(app=ingestion_api(broker))
    async with httpx2.AsyncClient(transport=transport, base_url="http://ingestion") as client:
        headers = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name != "ce-source"]
        source = "/agents/zürich"
        await client.post(
            "/v1/events", content=orjson.dumps(REPORT), headers=[*headers, (b"ce-source", source.encode())]
        )
    assert from_record(as_read(broker.records[0])).source == source


async def test_ids_of_events_are_the_senders() -> None:
    broker = Broker()
    mine = new_event_id()
    assert (await post(broker, ce_id=mine)).json() == {"id": mine}

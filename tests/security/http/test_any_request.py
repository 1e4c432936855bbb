"""Whatever is sent to ingestion, it answers as it should: never a 5xx, and nothing is taken that readers refuse."""

from __future__ import annotations

import json
from typing import Any

import httpx2
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.binary import from_record
from autodev.events.record import Record
from services.ingestion.handlers import check
from services.ingestion.http import ingestion_api
from tests.security.events.anything import any_json, mutated
from tests.security.http.server import HEADERS, REPORT, Broker

HEADER_NAMES = st.sampled_from([*HEADERS, "ce-time", "ce-traceparent", "traceparent", "ce-subject", "content-encoding"])
HEADER_VALUES = st.binary(max_size=60).map(lambda value: bytes(byte for byte in value if byte not in b"\r\n\x00"))


BROKER = Broker()
API = ingestion_api(BROKER)


async def post(body: bytes, headers: list[tuple[bytes, bytes]]) -> httpx2.Response:
    """Whatever goes wrong within the application comes out of this call."""
    BROKER.records.clear()
    transport = httpx2.ASGITransport(app=API)
    async with httpx2.AsyncClient(transport=transport, base_url="http://ingestion") as client:
        return await client.post("/v1/events", content=body, headers=headers)


def good_headers() -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in HEADERS.items() if name != "host"]


def is_answered_as_it_should(response: httpx2.Response) -> bool:
    if response.status_code == 202:
        [sent] = BROKER.records
        event = from_record(Record(sent.topic, 0, 0, sent.timestamp_ms or 0, sent.key, sent.value, sent.headers))
        check(event)
        return bool(response.json() == {"id": event.id})
    problem = response.json()
    return (
        400 <= response.status_code < 500
        and response.headers["content-type"] == "application/problem+json"
        and bool(problem["field"] and problem["detail"])
        and not BROKER.records
    )


@given(body=st.binary(max_size=300))
async def test_any_bytes(body: bytes) -> None:
    assert is_answered_as_it_should(await post(body, good_headers()))


@given(value=any_json())
async def test_any_json(value: Any) -> None:
    assert is_answered_as_it_should(await post(json.dumps(value).encode(), good_headers()))


@given(report=mutated(REPORT))
async def test_any_change_of_a_good_report(report: dict[str, Any]) -> None:
    assert is_answered_as_it_should(await post(json.dumps(report).encode(), good_headers()))


@given(changes=st.dictionaries(HEADER_NAMES, HEADER_VALUES, max_size=4))
async def test_any_headers(changes: dict[str, bytes]) -> None:
    headers = [(name, value) for name, value in good_headers() if name.decode() not in changes]
    headers += [(name.encode(), value) for name, value in changes.items() if name != "host"]
    assert is_answered_as_it_should(await post(json.dumps(REPORT).encode(), headers))


@given(envelope=any_json())
async def test_any_envelope_in_structured_mode(envelope: Any) -> None:
    headers = [(b"content-type", b"application/cloudevents+json")]
    assert is_answered_as_it_should(await post(json.dumps(envelope).encode(), headers))

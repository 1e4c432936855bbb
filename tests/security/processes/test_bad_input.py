"""Bad input to running services: each record is a dead letter as it was written, its neighbours pass, nobody dies."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import pytest

from autodev.events.binary import to_record
from autodev.events.catalogue import EPISODE_RECORDED, SUBSCRIPTIONS, Topic, dead_letter_topic
from autodev.events.envelope import new_event
from autodev.events.models.agent import Outcome, TaskEvent
from autodev.events.record import Headers, OutgoingRecord, Record
from autodev.ids import AgentId, EpisodeId, TenantId
from autodev.stream.kafka.log import read
from autodev.stream.kafka.publisher import KafkaPublisher
from tests.e2e.installation import Installation, eventually
from tests.security.http.server import HEADERS, REPORT

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.isolation, pytest.mark.timeout(300)]
MALFORMED_ARGUMENT = (
    '"call": {"entrypoint": "f", "arguments": {"args": [{"$int": "zz"}]}, "outcome": {"kind": "returned", "value": 1}}'
)
ESCAPE = "\x1b[31m\r\nforged line <script>"


@dataclass(frozen=True)
class Bad:
    record: OutgoingRecord
    field: str
    """That the dead letter names."""


def report(tenant: str, **given: Any) -> OutgoingRecord:
    data = TaskEvent(
        tenant_id=TenantId(tenant),
        agent_id=AgentId("scout"),
        episode_id=EpisodeId("e"),
        outcome=Outcome.FAILURE,
        task_description="book a flight",
        **given,
    )
    return replace(to_record(new_event(data, source="/agents/scout")), partition=0)


def with_value(value: bytes | None, field: str) -> Bad:
    return Bad(replace(report("globex"), value=value), field)


def with_header(name: str, *values: bytes | None, field: str = "") -> Bad:
    good = report("globex")
    headers: Headers = (*(pair for pair in good.headers if pair[0] != name), *((name, value) for value in values))
    return Bad(replace(good, headers=headers), field or name)


def with_member(member: str, field: str) -> Bad:
    """The last member of the data, written out."""
    name = json.loads("{" + member.partition(":")[0] + ":0}")
    kept = {key: value for key, value in json.loads(report("globex").value or b"").items() if key not in name}
    return with_value(json.dumps(kept)[:-1].encode() + b"," + member.encode() + b"}", field)


BAD = [
    with_value(b"no JSON", "data"),
    with_value(b"", "data"),
    with_value(None, "data"),
    with_value(b"[]", "data"),
    with_value(b"\xff\xfe", "data"),
    with_value(b"[" * 900_000, "data"),
    with_value(b'{"a":' * 150_000, "data"),
    with_member(f'"tenant_id": "{"x" * 1_000_000}"', "tenant_id"),
    with_member('"tenant_id": ""', "tenant_id"),
    with_member('"agent_id": " "', "agent_id"),
    with_member('"agent_id": "a/b"', "agent_id"),
    with_member('"outcome": 1', "outcome"),
    with_member('"metadata": {"a": 1, "a": 2}', "metadata.a"),
    with_member('"metadata": {"a": 1e400}', "metadata.a"),
    with_member('"metadata": {"a": "\\ud800"}', "data"),
    with_member(f'"metadata": {{{json.dumps(ESCAPE)}: NaN}}', "metadata."),
    with_member('"occurred_at": "2020-01-01T00:00:00Z"', "occurred_at"),
    with_member('"occurred_at": "2999-01-01T00:00:00Z"', "occurred_at"),
    with_member('"occurred_at": 1764000000', "occurred_at"),
    with_member(MALFORMED_ARGUMENT, "call.arguments.args.0"),
    with_header("ce_type", b"dev.autodev.task.failed.v2"),
    with_header("ce_type", b"dev.autodev.skill.promoted.v1"),
    with_header("ce_id"),
    with_header("ce_id", b"a", b"b"),
    with_header("ce_id", ESCAPE.encode()),
    with_header("ce_source", b"\xff"),
    with_header("ce_source", None),
    with_header("ce_time", b"soon"),
    with_header("content-type", b"application/cloudevents+json", field="ce_specversion"),
    Bad(replace(report("globex"), key=b"acme/scout"), "key"),
    Bad(replace(report("globex"), key=None), "key"),
]


async def dead_letters(installation: Installation, group: str) -> list[Record]:
    topic = dead_letter_topic(group).name
    return [record async for record in read(installation.connection, [topic], from_start=True, until_end=True)]


async def values_of(installation: Installation, topic: Topic, part: bytes) -> list[bytes]:
    """Those on `topic` that hold `part`; by now there may be anything on it."""
    records = read(installation.connection, [topic.name], from_start=True, until_end=True)
    return [record.value async for record in records if record.value and part in record.value]


async def publish(installation: Installation, *records: OutgoingRecord) -> None:
    publisher = KafkaPublisher(installation.connection)
    try:
        await publisher.publish(records)
    finally:
        await publisher.stop()


async def test_every_bad_report_is_a_dead_letter_as_it_was_and_every_neighbour_an_episode(
    installation: Installation,
) -> None:
    good = [report("acme") for _ in BAD]
    await publish(installation, *(record for bad, each in zip(BAD, good, strict=True) for record in (bad.record, each)))

    async def all_told() -> bool:
        letters = await dead_letters(installation, "ingestion")
        episodes = await installation.data_of(EPISODE_RECORDED, "acme")
        return len(letters) >= len(BAD) and len(episodes) >= len(good)

    await eventually(all_told, "everything was stored or given up")
    letters = await dead_letters(installation, "ingestion")
    assert len(letters) == len(BAD)
    for bad, letter in zip(BAD, letters, strict=True):
        reason = (dict(letter.headers)["dlq-error-message"] or b"").decode()
        assert reason.startswith(bad.field), (bad.field, reason)
        assert reason.isprintable()
        assert (letter.key or b"", letter.value) == (bad.record.key or b"", bad.record.value)
        assert letter.headers[: len(bad.record.headers)] == bad.record.headers
        assert letter.timestamp_ms == bad.record.timestamp_ms
    assert len(await installation.data_of(EPISODE_RECORDED, "acme")) == len(good)
    assert await installation.data_of(EPISODE_RECORDED, "globex") == []


@pytest.mark.parametrize("service", sorted(set(SUBSCRIPTIONS) - {"ingestion"}))
async def test_garbage_on_a_services_topics_stops_no_service(installation: Installation, service: str) -> None:
    topics = [topic.name for topic in SUBSCRIPTIONS[service]]
    misplaced = [replace(report("acme"), topic=topic) for topic in topics]
    garbage = [OutgoingRecord(topic, b"\xff", topic.encode() + b"\xff", (("ce_type", b"\xff"),)) for topic in topics]
    await publish(installation, *misplaced, *garbage)

    async def all_given_up() -> bool:
        values = {letter.value for letter in await dead_letters(installation, service)}
        return values.issuperset(record.value for record in (*misplaced, *garbage))

    await eventually(all_given_up, f"{service} gave all of it up")
    await installation.ready(service)


async def test_logs_are_lines_of_json_whatever_was_sent(installation: Installation) -> None:
    for log in installation.logs.glob("*.log"):
        for line in log.read_bytes().splitlines():
            told = json.loads(line)
            assert isinstance(told, dict)
            assert line.isascii()
            assert b"\x1b" not in line


async def test_http_takes_good_events_after_all_of_this(installation: Installation) -> None:
    async with httpx2.AsyncClient(base_url=installation.url("ingestion")) as client:
        headers = {name: value for name, value in HEADERS.items() if name != "host"}
        good = await client.post("/v1/events", content=json.dumps(REPORT | {"tenant_id": "initech"}), headers=headers)
        assert (good.status_code, good.json()) == (202, {"id": HEADERS["ce-id"]})
        bad = await client.post("/v1/events", content=b"{", headers=headers)
        assert (bad.status_code, bad.headers["content-type"]) == (422, "application/problem+json")

    async def stored() -> bool:
        return len(await values_of(installation, EPISODE_RECORDED, b'"tenant_id":"initech"')) == 1

    await eventually(stored, "the event was stored")

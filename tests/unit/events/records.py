"""Records as a broker would give them back, with one thing changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from autodev.events.binary import to_record
from autodev.events.catalogue import type_of
from autodev.events.envelope import Event
from autodev.events.models.agent import Outcome, TaskEvent
from autodev.events.models.base import EventData
from autodev.events.models.workspace import AgentGranted, Capability, Maturity
from autodev.events.record import OutgoingRecord, Record
from autodev.ids import AgentId, EpisodeId, EventId, TenantId

GRANT = AgentGranted(
    tenant_id=TenantId("acme"),
    agent_id=AgentId("scout"),
    capability=Capability.MEMENTO_SKILLS,
    maturity=Maturity.INTERN,
    granted_by="anna",
)


def event(data: EventData | None = GRANT, **given: Any) -> Event[EventData]:
    defaults: dict[str, Any] = {
        "id": EventId("event-1"),
        "source": "/console",
        "type": type_of(data or GRANT),
        "time": datetime(2026, 3, 1, 12, 0, 3, 250_000, tzinfo=UTC),
        "key": (data or GRANT).record_key(),
        "data": data,
    }
    return Event(**defaults | given)


def received(sent: OutgoingRecord) -> Record:
    """`sent`, read from partition 0 at offset 7."""
    return Record(sent.topic, 0, 7, sent.timestamp_ms or 0, sent.key, sent.value, sent.headers)


def with_header(name: str, value: bytes | None) -> Record:
    """A grant whose header `name` is `value` instead."""
    sent = to_record(event())
    headers = tuple((each, value if each == name else before) for each, before in sent.headers)
    if name not in dict(sent.headers):
        headers = (*headers, (name, value))
    return received(OutgoingRecord(sent.topic, sent.key, sent.value, headers, sent.timestamp_ms))


def without_header(name: str) -> Record:
    sent = to_record(event())
    headers = tuple((each, value) for each, value in sent.headers if each != name)
    return received(OutgoingRecord(sent.topic, sent.key, sent.value, headers, sent.timestamp_ms))


def report(**given: Any) -> Event[EventData]:
    """An agent's report of a failed task."""
    data = TaskEvent(
        tenant_id=TenantId("acme"),
        agent_id=AgentId("scout"),
        episode_id=EpisodeId("episode-1"),
        outcome=Outcome.FAILURE,
        occurred_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    )
    return event(data, **given)


def with_value(value: bytes | None, sent: Event[EventData] | None = None) -> Record:
    """A record of `sent` (a report unless given) whose value is `value` instead."""
    return replace(received(to_record(sent or report())), value=value)

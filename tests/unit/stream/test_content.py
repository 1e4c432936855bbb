"""The digest tells an event sent again from another one under its id."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from autodev.events.binary import from_record, to_record
from autodev.events.envelope import Event
from autodev.events.models.agent import TaskEvent
from autodev.events.models.failure import EpisodeRecorded
from autodev.events.record import Headers, Record
from autodev.ids import EventId, TenantId
from autodev.stream.content import digest_of
from autodev.stream.emission import emit, to_events
from tests.contract.stream.reports import report


def received(event: Event[TaskEvent], *, value: bytes | None = None, headers: Headers | None = None) -> Record:
    sent = to_record(event)
    return Record(sent.topic, 0, 0, 0, sent.key, value or sent.value, sent.headers if headers is None else headers)


def digest(record: Record) -> bytes | None:
    return digest_of(from_record(record), record)


SAID = report("said")


def test_what_is_sent_again_has_the_same_digest() -> None:
    later = replace(received(SAID), offset=7, timestamp_ms=1, partition=3)
    assert digest(received(SAID)) == digest(later)


def test_layout_of_the_json_changes_no_digest() -> None:
    data = orjson.loads(to_record(SAID).value or b"")
    relaid = orjson.dumps(dict(reversed(data.items())), option=orjson.OPT_INDENT_2)
    assert digest(received(SAID, value=relaid)) == digest(received(SAID))


def test_the_time_of_the_attempt_changes_no_digest() -> None:
    later = replace(SAID, time=SAID.time + timedelta(seconds=1))
    assert digest(received(later)) == digest(received(SAID))


def test_structured_mode_changes_no_digest() -> None:
    envelope = {
        "specversion": "1.0",
        "id": SAID.id,
        "source": SAID.source,
        "type": SAID.type.name,
        "time": SAID.time.isoformat(),
        "data": orjson.loads(to_record(SAID).value or b""),
    }
    headers = (("content-type", b"application/cloudevents+json"),)
    assert digest(received(SAID, value=orjson.dumps(envelope), headers=headers)) == digest(received(SAID))


@pytest.mark.parametrize("change", [{"task_description": "other"}, {"tenant_id": TenantId("other")}])
def test_other_data_has_another_digest(change: dict[str, str]) -> None:
    assert SAID.data is not None
    data = SAID.data.model_copy(update=change)
    other = replace(SAID, data=data, key=data.record_key())
    assert digest(received(other)) != digest(received(SAID))


def test_a_report_that_names_a_cause_is_still_a_report() -> None:
    assert digest(received(replace(SAID, causation_id=EventId("another")))) == digest(received(SAID))


def test_a_derived_event_has_none_since_a_replay_may_make_it_otherwise() -> None:
    assert SAID.data is not None
    episode = EpisodeRecorded(
        tenant_id=TenantId("acme"),
        agent_id=SAID.data.agent_id,
        episode_id=SAID.data.episode_id,
        reported_as=SAID.id,
        occurred_at=SAID.time,
        outcome="failure",
        description="said",
    )
    (derived,) = to_events([emit(episode, SAID)], "/services/ingestion")
    sent = to_record(derived)
    assert digest(Record(sent.topic, 0, 0, 0, sent.key, sent.value, sent.headers)) is None

"""A good event with one field changed is read with that meaning, or refused with the name of that field."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.events.binary import InvalidRecordError, from_record, to_record
from autodev.events.catalogue import EVENT_TYPES
from autodev.events.envelope import Event, new_event
from autodev.events.models.agent import SkillExecutionEvent
from autodev.events.models.base import EventData, utc_now
from autodev.events.models.call import Arguments, Call, Returned
from autodev.events.record import Record
from autodev.ids import AgentId, EpisodeId, TenantId
from services.ingestion.domain.episode import to_episode
from services.ingestion.handlers import check
from tests.security.events.anything import any_json
from tests.unit.events.factories import random_data
from tests.unit.events.records import received

REPORT = SkillExecutionEvent(
    execution_id=EpisodeId("e1"),
    agent_id=AgentId("scout"),
    tenant_id=TenantId("acme"),
    skill_id="speed",
    call=Call(entrypoint="speed", arguments=Arguments(args=(1,)), outcome=Returned(value=2)),
)
FIELDS = tuple(REPORT.model_dump())


def refusal(record: Record) -> InvalidRecordError | None:
    try:
        check(from_record(record))
    except InvalidRecordError as refused:
        return refused
    return None


def written(data: dict[str, Any], sent: Event[EventData]) -> Record:
    return replace(received(to_record(sent)), value=json.dumps(data).encode())


def same(read: Any, wrote: Any) -> bool:
    """Whether they are the same value; a model adds its defaults to what was written."""
    if isinstance(wrote, bool) or isinstance(read, bool):
        return read is wrote
    if isinstance(read, dict) and isinstance(wrote, dict):
        return all(name not in read or same(read[name], value) for name, value in wrote.items())
    if isinstance(read, list) and isinstance(wrote, list):
        return len(read) == len(wrote) and all(map(same, read, wrote))
    return bool(read == wrote) or _same_moment(read, wrote)


def _same_moment(read: Any, wrote: Any) -> bool:
    try:
        return datetime.fromisoformat(read) == datetime.fromisoformat(wrote)
    except (TypeError, ValueError):
        return False


@given(field=st.sampled_from(FIELDS), value=any_json())
def test_it_is_read_as_it_was_meant_or_its_field_is_named(field: str, value: Any) -> None:
    data = REPORT.model_dump(mode="json") | {field: value}
    record = written(data, new_event(REPORT, source="/agents/scout"))
    refused = refusal(record)
    if refused is not None:
        # A key is of tenant and agent; what is no JSON at all has no fields.
        keyed = ["key"] if field in ("tenant_id", "agent_id") else []
        assert refused.field.split(".")[0] in {field, "data", *keyed}
        assert (refused.field + refused.reason).isprintable()
        return
    read = from_record(record).data
    assert read is not None
    assert same(read.model_dump(mode="json")[field], value)
    assert type(read).read(read.write()) == read


@given(field=st.sampled_from(FIELDS), value=any_json())
def test_what_is_taken_becomes_an_episode_that_everyone_can_read(field: str, value: Any) -> None:
    data = REPORT.model_dump(mode="json") | {field: value}
    with suppress(InvalidRecordError):
        event: Event[Any] = from_record(written(data, new_event(REPORT, source="/agents/scout")))
        check(event)
        episode, _ = to_episode(event)
        onward = new_event(episode, source="/services/ingestion")
        assert from_record(received(to_record(onward))).data == episode


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_no_change_of_any_event_type_does_more_than_be_refused(name: str) -> None:
    whole = random_data(EVENT_TYPES[name])
    document = whole.model_dump(mode="json")

    @settings(max_examples=25)
    @given(field=st.sampled_from(sorted(document)), value=any_json())
    def change(field: str, value: Any) -> None:
        with suppress(InvalidRecordError):
            from_record(written(document | {field: value}, new_event(whole, source="/anyone")))

    change()


@given(value=st.binary(max_size=400), at=st.integers(0, 399))
def test_no_flipped_bytes_do_more_than_be_refused(value: bytes, at: int) -> None:
    record = received(to_record(new_event(REPORT, source="/agents/scout")))
    assert record.value is not None
    with suppress(InvalidRecordError):
        check(from_record(replace(record, value=record.value[:at] + value + record.value[at + len(value) :])))


def test_the_report_itself_is_good() -> None:
    check(from_record(received(to_record(new_event(REPORT, source="/agents/scout")))))
    assert utc_now() >= REPORT.occurred_at

"""What handlers emit, and the events it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.catalogue import AGENT_GRANTED, event_type
from autodev.events.envelope import Event, TraceContext
from autodev.events.models.base import utc_now
from autodev.events.models.workspace import AgentGranted, AutoDevSettings, Capability, Maturity, WorkspaceConfigured
from autodev.ids import AgentId, CaseId, EventId, TenantId, derived_event_id
from autodev.stream.emission import Emission, OversizedEventError, emit, emit_tombstone, to_events, to_records

GRANT = AgentGranted(
    tenant_id=TenantId("acme"),
    agent_id=AgentId("scout"),
    capability=Capability.MEMENTO_SKILLS,
    maturity=Maturity.INTERN,
    granted_by="anna",
)
SETTINGS = WorkspaceConfigured(tenant_id=TenantId("acme"), settings=AutoDevSettings(), changed_by="anna")


def cause(identity: str = "cause-1", trace: TraceContext | None = None) -> Event[AgentGranted]:
    return Event(
        id=EventId(identity),
        source="/console",
        type=event_type("dev.autodev.agent.granted.v1"),
        time=datetime(2026, 3, 1, tzinfo=UTC),
        key=GRANT.record_key(),
        data=GRANT,
        correlation_id=CaseId("case-1"),
        trace=trace or TraceContext(),
    )


def test_an_emission_inherits_the_case_unless_it_names_another() -> None:
    assert emit(GRANT, cause()).correlation_id == "case-1"
    assert emit(GRANT, cause(), case=CaseId("case-2")).correlation_id == "case-2"


def test_an_event_names_its_cause_and_its_source() -> None:
    (event,) = to_events([emit(GRANT, cause())], source="/services/fitness")
    assert (event.causation_id, event.source) == ("cause-1", "/services/fitness")
    assert (event.key, event.type.name) == ("acme/scout/auto_dev.memento_skills", "dev.autodev.agent.granted.v1")


def test_an_event_is_never_dated_before_its_cause() -> None:
    ahead = replace(cause(), time=utc_now() + timedelta(minutes=4))
    for each in (cause(), ahead):
        (event,) = to_events([emit(GRANT, each)], source="/services/fitness")
        assert event.time >= each.time


def test_a_tombstone_has_a_key_and_no_data() -> None:
    (record,) = to_records([emit_tombstone(cause().type, "acme/scout", cause())], source="/services/fitness")
    assert (record.topic, record.key, record.value) == (AGENT_GRANTED.name, b"acme/scout", None)


def test_an_id_is_derived_from_the_cause_unless_it_is_given() -> None:
    derived, given_id = to_events(
        [emit(GRANT, cause()), emit(SETTINGS, cause(), event_id=EventId("window-7"))], source="/services/fitness"
    )
    assert derived.id == derived_event_id(cause().source, EventId("cause-1"), "dev.autodev.agent.granted.v1", 0)
    assert given_id.id == "window-7"


@given(emitted=st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from([GRANT, SETTINGS])), max_size=12))
def test_ids_do_not_depend_on_what_else_is_in_the_batch(
    emitted: list[tuple[str, AgentGranted | WorkspaceConfigured]],
) -> None:
    def ids(emissions: list[Emission]) -> list[str]:
        return [event.id for event in to_events(emissions, source="/services/fitness")]

    together = [emit(data, cause(identity)) for identity, data in emitted]
    alone = [ids([each for each in together if each.cause.id == identity]) for identity in "abc"]
    assert sorted(ids(together)) == sorted(identity for batch in alone for identity in batch)
    assert len(set(ids(together))) == len(together)


@pytest.mark.parametrize(
    ("before", "start"),
    [
        (TraceContext("hop", None, "start"), "start"),
        (TraceContext("hop"), "hop"),
        (TraceContext(), None),
    ],
)
def test_the_first_trace_is_kept_as_the_start(before: TraceContext, start: str | None) -> None:
    (event,) = to_events([emit(GRANT, cause(trace=before))], source="/services/fitness")
    assert event.trace == TraceContext(before.traceparent, before.tracestate, start)


def test_an_event_larger_than_its_topic_takes_is_refused_before_the_outbox() -> None:
    large = GRANT.model_copy(update={"reason": "x" * AGENT_GRANTED.max_bytes})
    with pytest.raises(OversizedEventError, match=r"dev\.autodev\.agent\.granted\.v1 of \d+ bytes"):
        to_records([emit(large, cause())], source="/services/fitness")


def test_data_that_the_handler_has_written_are_not_written_again() -> None:
    written = GRANT.write()
    (record,) = to_records([emit(GRANT, cause(), written=written)], source="/services/fitness")
    assert record.value is written

"""All hops from a failure to its repair share one trace."""

from __future__ import annotations

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from autodev.testing import MemoryBus
from tests.unit.sdk import tools

EXECUTED = "agent.skill.executed.v1"


def fail() -> None:
    with pytest.raises(ValueError, match="negative"):
        tools.half(-1.0)


def test_a_failure_outside_any_trace_starts_one_of_its_own(bus: MemoryBus) -> None:
    fail()
    fail()
    first, second = (event.trace for event in bus.events(EXECUTED))
    assert first.start is not None
    assert first.start == first.traceparent
    assert first.start.split("-")[1] != (second.start or "").split("-")[1]


def test_a_failure_within_a_trace_belongs_to_it(bus: MemoryBus) -> None:
    with TracerProvider().get_tracer("agent").start_as_current_span("task") as span:
        fail()
    [event] = bus.events(EXECUTED)
    context = span.get_span_context()
    ids = f"{trace.format_trace_id(context.trace_id)}-{trace.format_span_id(context.span_id)}"
    assert event.trace.start == f"00-{ids}-{context.trace_flags:02x}"


def test_a_success_outside_any_trace_has_none(bus: MemoryBus) -> None:
    tools.half(1.0)
    [event] = bus.events(EXECUTED)
    assert (event.trace.start, event.trace.traceparent) == (None, None)

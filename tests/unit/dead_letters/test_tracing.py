"""A record that is sent back is traced anew, and linked to where it failed."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from autodev.dead_letters import tracing
from autodev.dead_letters.tracing import sending
from tests.unit.dead_letters.letters import letter

TRACE = "0af7651916cd43dd8448eb211c80319c"
BEFORE = ("traceparent", f"00-{TRACE}-b7ad6b7169203331-01".encode())


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    return exporter


def test_the_span_is_a_trace_of_its_own_with_a_link_to_the_old_one(spans: InMemorySpanExporter) -> None:
    with sending([letter(headers=(BEFORE,))]) as (record,):
        assert spans.get_finished_spans() == ()
    (span,) = spans.get_finished_spans()
    assert (span.name, span.parent) == ("send agent.task.reported.v1", None)
    assert [f"{link.context.trace_id:032x}" for link in span.links] == [TRACE]
    sent = (dict(record.headers)["traceparent"] or b"").decode()
    assert sent.startswith(f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-")


@pytest.mark.parametrize("context", [b"\xff\x00", b"", None, b"00-zz-yy-01"])
def test_a_context_that_is_none_is_linked_to_nothing(spans: InMemorySpanExporter, context: bytes | None) -> None:
    with sending([letter(headers=(("traceparent", context),))]):
        pass
    (span,) = spans.get_finished_spans()
    assert list(span.links) == []


def test_where_nothing_is_traced_the_record_keeps_its_context() -> None:
    with sending([letter(headers=(BEFORE,))]) as (record,):
        assert dict(record.headers)["traceparent"] == BEFORE[1]

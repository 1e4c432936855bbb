"""One trace from an agent's report through every hop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from autodev.events.catalogue import EPISODE_RECORDED, LEARNING_REQUESTED
from autodev.events.envelope import Event, TraceContext
from autodev.stream.emission import Emission
from autodev.telemetry import tracing
from tests.contract.stream.handlers import CASE, Noting, record_episodes, request_learning
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime
from tests.contract.stream.waiting import eventually

TRACE = "0af7651916cd43dd8448eb211c80319c"
START = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


async def ignore(_events: Sequence[Event[Any]], _store: Any) -> Iterable[Emission]:
    return ()


def parent(span: ReadableSpan) -> int:
    assert span.parent is not None
    return span.parent.span_id


async def test_a_chain_of_three_hops_is_one_trace(runtime: Runtime, spans: InMemorySpanExporter) -> None:
    await runtime.join(record_episodes, group="first")
    await runtime.join(request_learning, EPISODE_RECORDED, group="second")
    await runtime.join(ignore, LEARNING_REQUESTED, group="third")
    await runtime.send(report("traced", trace=TraceContext(START)))
    await eventually(lambda: len(spans.get_finished_spans()) == 5)
    finished = spans.get_finished_spans()
    assert {f"{span.context.trace_id:032x}" for span in finished} == {TRACE}
    by_id = {span.context.span_id: span for span in finished}
    for span in finished:
        if span.name == "process ingestion.episode.recorded.v1":
            assert by_id[parent(span)].name == "process agent.task.reported.v1"
        if span.name == "process analysis.learning.requested.v1":
            assert by_id[parent(span)].name == "process ingestion.episode.recorded.v1"


async def test_the_starting_trace_is_never_changed_on_the_way(runtime: Runtime, spans: InMemorySpanExporter) -> None:
    await runtime.join(record_episodes, group="first")
    await runtime.join(request_learning, EPISODE_RECORDED, group="second")
    await runtime.send(report("traced", trace=TraceContext(START, "vendor=1")))
    arrived = await runtime.events(LEARNING_REQUESTED, 2)
    for event in arrived:
        assert event.trace.start == START
        assert event.trace.traceparent not in (None, START)
        assert event.trace.tracestate == "vendor=1"


async def test_a_span_says_which_message_it_is_about(runtime: Runtime, spans: InMemorySpanExporter) -> None:
    await runtime.join(record_episodes, group="first")
    await runtime.join(ignore, EPISODE_RECORDED, group="second")
    sent = report("traced")
    await runtime.send(sent)
    await eventually(lambda: len(spans.get_finished_spans()) == 3)
    first, second, _ = spans.get_finished_spans()
    assert first.kind is SpanKind.CONSUMER
    assert dict(first.attributes or {}) | {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.destination.name": "agent.task.reported.v1",
        "messaging.consumer.group.name": "first",
        "messaging.message.id": sent.id,
    } == dict(first.attributes or {})
    assert (second.attributes or {})["messaging.message.conversation_id"] == CASE


async def test_a_trace_that_an_agent_made_up_is_no_trace(runtime: Runtime, spans: InMemorySpanExporter) -> None:
    await runtime.join(Noting(runtime.tested))
    await runtime.send(report("untraced", trace=TraceContext("00-zz-zz-zz", "=,=,=")))
    assert await runtime.noted(1) == ["untraced"]
    await eventually(lambda: len(spans.get_finished_spans()) == 1)
    assert spans.get_finished_spans()[0].parent is None


async def test_without_an_exporter_the_trace_is_passed_on_all_the_same(runtime: Runtime) -> None:
    await runtime.join(record_episodes)
    await runtime.send(report("traced", trace=TraceContext(START)))
    for event in await runtime.events(EPISODE_RECORDED, 2):
        assert event.trace == TraceContext(START, None, START)

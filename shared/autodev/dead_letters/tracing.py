"""A record that is sent back starts a trace of its own, linked to the one that it failed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from autodev.dead_letters.letter import Letter
from autodev.dead_letters.redriving import redriven
from autodev.events.record import OutgoingRecord

_tracer: Final = trace.get_tracer("autodev")
_propagator: Final = TraceContextTextMapPropagator()


@contextmanager
def sending(letters: Sequence[Letter]) -> Iterator[list[OutgoingRecord]]:
    """A span `send <topic>` for each of `letters`; yields their records, with the context of their span.

    Where nothing is traced, they keep the context that they have.
    """
    with ExitStack() as spans:
        yield [_sent(letter, spans) for letter in letters]


def _sent(letter: Letter, spans: ExitStack) -> OutgoingRecord:
    record = redriven(letter)
    failed_in = trace.get_current_span(_context(record)).get_span_context()
    span = _tracer.start_span(
        f"send {record.topic}",
        context=Context(),
        kind=SpanKind.PRODUCER,
        attributes={
            "messaging.system": "kafka",
            "messaging.operation.name": "send",
            "messaging.operation.type": "send",
            "messaging.destination.name": record.topic,
        },
        links=[Link(failed_in)] if failed_in.is_valid else [],
    )
    spans.callback(span.end)
    hop: dict[str, str] = {}
    _propagator.inject(hop, context=trace.set_span_in_context(span, Context()))
    return redriven(letter, tuple((name, value.encode()) for name, value in hop.items()))


def _context(record: OutgoingRecord) -> Context:
    carrier = {name: (value or b"").decode("ascii", "replace") for name, value in record.headers}
    return _propagator.extract(carrier, context=Context())

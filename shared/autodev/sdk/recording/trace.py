"""The trace that an event belongs to, so that all hops from a failure to its fix share one."""

from __future__ import annotations

import sys

Trace = tuple[str, str | None]
"""`traceparent` and `tracestate`."""


def current_trace() -> Trace | None:
    """That of the caller's OpenTelemetry span, if it has one.

    An agent that traces has imported OpenTelemetry; for others its import would be waste.
    """
    api = sys.modules.get("opentelemetry.trace")
    if api is None:
        return None
    context = api.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    state = context.trace_state.to_header() or None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}", state

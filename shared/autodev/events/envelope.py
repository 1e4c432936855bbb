"""The CloudEvents envelope round the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, TypeVar

from autodev.events.catalogue import EventType, type_of
from autodev.events.models.base import EventData, utc_now
from autodev.ids import CaseId, EventId, new_event_id

D = TypeVar("D", bound=EventData)
D_co = TypeVar("D_co", bound=EventData, covariant=True)


@dataclass(frozen=True, slots=True)
class TraceContext:
    """W3C trace context: of the hop that wrote the record, and of the failure that started it all."""

    traceparent: str | None = None
    tracestate: str | None = None
    start: str | None = None
    """The CloudEvents extension `traceparent`: set once, never changed per hop."""


UNTRACED: Final = TraceContext()
"""Of what comes without a trace, as most reports do: one for all, so that it need not be made or looked into."""


@dataclass(frozen=True, slots=True)
class Event(Generic[D_co]):
    """One event. `source` and `id` together are its identity, by which it is deduplicated."""

    id: EventId
    source: str
    type: EventType
    time: datetime
    key: str
    data: D_co | None
    """None is a tombstone on a compacted topic."""
    correlation_id: CaseId | None = None
    causation_id: EventId | None = None
    trace: TraceContext = UNTRACED
    size: int = field(default=0, compare=False)
    """Bytes of the JSON that the data were read from; 0 for an event that was made here."""


def new_event(
    data: D,
    *,
    source: str,
    correlation_id: CaseId | None = None,
    trace: TraceContext | None = None,
) -> Event[D]:
    """An event that no other event caused, such as an agent's report or a person's decision."""
    return Event(
        id=new_event_id(),
        source=source,
        type=type_of(data),
        time=utc_now(),
        key=data.record_key(),
        data=data,
        correlation_id=correlation_id,
        trace=trace or UNTRACED,
    )

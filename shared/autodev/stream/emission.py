"""What a handler wants published, and the event it becomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from autodev.events.binary import to_record
from autodev.events.catalogue import EventType, type_of
from autodev.events.envelope import Event, TraceContext
from autodev.events.models.base import EventData
from autodev.events.record import OutgoingRecord
from autodev.ids import CaseId, EventId, derived_event_id
from autodev.stream.clock import transaction_time


class OversizedEventError(ValueError):
    """A handler emitted more than the topic takes. In the outbox it would stop the relay for good."""


@dataclass(frozen=True, slots=True)
class Emission:
    """An event to publish because `cause` was handled."""

    type: EventType
    key: str
    data: EventData | None
    cause: Event[Any]
    correlation_id: CaseId | None
    event_id: EventId | None = None
    """Given where the id must not depend on the cause, such as a window's; else derived from the cause."""
    written: bytes | None = None
    """The data as they write themselves, where the handler has needed them."""


def emit(
    data: EventData,
    cause: Event[Any],
    *,
    case: CaseId | None = None,
    event_id: EventId | None = None,
    written: bytes | None = None,
) -> Emission:
    """`data` under its own type and key. The case defaults to the cause's."""
    return Emission(type_of(data), data.record_key(), data, cause, case or cause.correlation_id, event_id, written)


def emit_tombstone(event_type: EventType, key: str, cause: Event[Any], *, case: CaseId | None = None) -> Emission:
    """Withdraw what a compacted topic holds under `key`."""
    return Emission(event_type, key, None, cause, case or cause.correlation_id)


def to_events(emissions: Iterable[Emission], source: str) -> list[Event[EventData]]:
    """The events of one handled batch. Ids follow from the causes alone, so a replay gives the same events."""
    ordinals: dict[tuple[str, EventId, str], int] = {}
    events = []
    now = transaction_time()
    for emission in emissions:
        cause = emission.cause
        slot = (cause.source, cause.id, emission.type.name)
        index = ordinals.get(slot, 0)
        ordinals[slot] = index + 1
        events.append(
            Event(
                id=emission.event_id or derived_event_id(*slot, index),
                source=source,
                type=emission.type,
                time=max(now, cause.time),  # never before its cause, whatever the clocks say
                key=emission.key,
                data=emission.data,
                correlation_id=emission.correlation_id,
                causation_id=cause.id,
                trace=_carried_on(cause.trace),
            )
        )
    return events


def to_records(emissions: Iterable[Emission], source: str) -> list[OutgoingRecord]:
    """The records of one handled batch, each small enough for its topic.

    Raises:
        OversizedEventError: one is not.
    """
    emissions = list(emissions)
    records = []
    for event, emission in zip(to_events(emissions, source), emissions, strict=True):
        record = to_record(event, emission.written)
        if (size := record.size) > event.type.topic.max_bytes:
            raise OversizedEventError(
                f"{event.type.name} of {size} bytes, but {record.topic} takes {event.type.topic.max_bytes}:"
                " emit less, or raise max_bytes in the catalogue"
            )
        records.append(record)
    return records


def _carried_on(trace: TraceContext) -> TraceContext:
    return trace if trace.start or not trace.traceparent else replace(trace, start=trace.traceparent)

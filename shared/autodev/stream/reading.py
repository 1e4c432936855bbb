"""Records as events, and what keeps some of them from being one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from autodev.events.binary import from_binary
from autodev.events.catalogue import TOPICS
from autodev.events.envelope import Event
from autodev.events.invalid import InvalidRecordError
from autodev.events.models.base import utc_now
from autodev.events.record import Record
from autodev.events.structured import in_binary_mode
from autodev.stream.admission import Admission, Arrival
from autodev.stream.content import digest_of_data
from autodev.stream.dead_letters import Defect
from autodev.stream.failures import FailureClass

_LARGEST: Final = {topic.name: topic.max_bytes for topic in TOPICS}
Check = Callable[[Event[Any]], None]
"""Raises InvalidRecordError for an event that its model accepts but the service does not."""


def accept(_event: Event[Any]) -> None:
    """The check of a service that takes whatever its models take."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a batch holds."""

    arrivals: Sequence[Arrival]
    offsets: Sequence[int]
    """Of the arrivals."""
    defects: Mapping[int, Defect]
    """Of the other records, by offset."""

    def conflicts(self, admission: Admission) -> dict[int, Defect]:
        """Defects, by offset, of arrivals that use the id of another event."""
        return {
            self.offsets[index]: _conflict(self.arrivals[index].event, first_seen_at)
            for index, first_seen_at in admission.conflicting.items()
        }


def read(records: Sequence[Record], check: Check) -> Reading:
    """The events of `records`, and the defects of those that are none."""
    arrivals, offsets, defects = [], [], {}
    for record in records:
        try:
            binary = _readable(record)
            event = from_binary(binary)
            check(event)
        except InvalidRecordError as error:
            defects[record.offset] = _invalid(str(error))
        else:
            arrivals.append(Arrival(event, digest_of_data(event, binary.value)))
            offsets.append(record.offset)
    return Reading(arrivals, offsets, defects)


def _readable(record: Record) -> Record:
    """`record` in binary mode, if it came whole and in a size that its topic takes."""
    if record.has_escaped_names:
        raise InvalidRecordError("headers", "a name is not UTF-8; such bytes are written \\xNN here")
    if record.is_oversized_batch:
        raise InvalidRecordError(
            "data", "of the batch that ends here are too large without its compression; none of its records is read"
        )
    largest, size = _LARGEST.get(record.topic), len(record.value or b"")
    if largest is not None and size > largest:
        raise InvalidRecordError("data", f"is {size} bytes without its compression; {record.topic} takes {largest}")
    return in_binary_mode(record)


def _conflict(event: Event[Any], first_seen_at: datetime) -> Defect:
    return _invalid(
        f"ce_id: {event.id!r} of {event.source!r} was used before with other content, first seen at"
        f" {first_seen_at.isoformat()}: an event sent again must be the same, another one needs an id of its own"
    )


def _invalid(message: str) -> Defect:
    return Defect(FailureClass.INVALID, message, attempts=1, first_failed_at=utc_now())

"""What has been done with letters already, as the audit topic tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from autodev.dead_letters.letter import Letter, LetterId
from autodev.events.binary import InvalidRecordError, from_record
from autodev.events.envelope import Event, new_event
from autodev.events.models.base import Part
from autodev.events.models.call import Message, Person
from autodev.events.models.operations import DeadLetterDropped, DeadLetterHandled, DeadLetterRedriven, RecordPlace
from autodev.events.record import Record

SOURCE: Final = "/cli/dead-letters"


class Decision(Part):
    """Who settles letters, and why."""

    by: Person
    reason: Message = ""


class Action(StrEnum):
    REDRIVEN = "redriven"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Handled:
    action: Action
    at: datetime
    by: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.action} at {self.at:%Y-%m-%d %H:%M:%S}Z by {self.by}"


_Subject = tuple[str, RecordPlace | LetterId]
"""A group and what it gave up. By its origin: a relay that dies, or a replay, writes the same letter again."""


@dataclass
class Audit:
    """How letters were settled: at first, where it happened more than once."""

    _handled: dict[_Subject, Handled] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Take note of a record of the audit topic; one that is no event of ours says nothing."""
        try:
            event = from_record(record)
        except InvalidRecordError:
            return
        if isinstance(event.data, DeadLetterHandled):
            data = event.data
            action = Action.REDRIVEN if isinstance(data, DeadLetterRedriven) else Action.DROPPED
            handled = Handled(action, event.time, data.handled_by, data.reason)
            self._note(LetterId(data.group, data.partition, data.offset), data.original, handled)

    def note(self, letter: Letter, handled: Handled) -> None:
        self._note(letter.id, letter.origin, handled)

    def of(self, letter: Letter) -> Handled | None:
        """How `letter` was settled; None while it is pending."""
        return self._handled.get((letter.id.group, letter.origin or letter.id))

    def _note(self, letter: LetterId, origin: RecordPlace | None, handled: Handled) -> None:
        self._handled.setdefault((letter.group, origin or letter), handled)


def audit_event(letter: Letter, action: Action, decision: Decision) -> Event[DeadLetterHandled]:
    """The event that says what was done with `letter`."""
    fields: dict[str, Any] = {
        "group": letter.id.group,
        "partition": letter.id.partition,
        "offset": letter.id.offset,
        "original": letter.origin,
        "tenant_id": letter.tenant,
        "handled_by": decision.by,
        "reason": decision.reason,
    }
    if action is Action.DROPPED:
        return new_event(DeadLetterDropped(**fields), source=SOURCE)
    return new_event(DeadLetterRedriven(**fields, redrives=letter.redrives + 1), source=SOURCE)

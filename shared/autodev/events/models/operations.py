"""What operators do to the stream itself: the audit of dead letters."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from autodev.events.models.base import EventData, Part
from autodev.events.models.call import Message, Person
from autodev.ids import TenantField

TopicName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,249}$")]
PartitionNumber = Annotated[int, Field(ge=0, le=2**31 - 1)]
Offset = Annotated[int, Field(ge=0, le=2**63 - 1)]


class RecordPlace(Part):
    """Where a record lies in the broker's logs."""

    topic: TopicName
    partition: PartitionNumber
    offset: Offset


class DeadLetterHandled(EventData):
    """Somebody settled the dead letter at `partition` and `offset` of its group's topic."""

    group: TopicName
    partition: PartitionNumber
    offset: Offset
    original: RecordPlace | None
    """Where the record was read that became the letter; null if the letter does not say so."""
    tenant_id: TenantField | None
    """Whose record it was, as far as it could be told."""
    handled_by: Person
    reason: Message = ""

    def record_key(self) -> str:
        return f"{self.group}/{self.partition}/{self.offset}"


class DeadLetterRedriven(DeadLetterHandled):
    """The record went back to its topic."""

    redrives: Annotated[int, Field(ge=1)]
    """How often that has now happened to it."""


class DeadLetterDropped(DeadLetterHandled):
    """The record is given up for good."""

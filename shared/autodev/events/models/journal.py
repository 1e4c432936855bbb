"""What services say of their own work: which input they took when. From it their tables can be rebuilt exactly."""

from __future__ import annotations

from autodev.events.models.base import EventData, UtcDatetime
from autodev.events.models.call import ShortText
from autodev.events.models.operations import Offset, PartitionNumber, TopicName
from autodev.ids import CaseField, TenantField


class InputHandled(EventData):
    """A service took the records of one partition from `first` up to `following`, in one transaction."""

    service: ShortText
    topic: TopicName
    partition: PartitionNumber
    first: Offset
    following: Offset
    """The offset after the last of them."""
    handled_at: UtcDatetime
    """The clock of that transaction."""

    def record_key(self) -> str:
        return self.service


class CaseWoken(EventData):
    """Time alone moved a case: it had waited long enough, and the service went on with it."""

    service: ShortText
    tenant_id: TenantField
    case_id: CaseField
    woken_at: UtcDatetime
    """The clock of that transaction."""

    def record_key(self) -> str:
        return self.service

"""In which order a service took its records, and which of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from autodev.events.models.journal import CaseWoken, InputHandled
from autodev.events.record import Record
from autodev.rebuild.errors import RebuildRefusedError
from autodev.rebuild.journal import Coverage, Entry
from autodev.rebuild.logs import Logs
from autodev.stream.ports import Partition

MAX_RECORDS = 500


@dataclass(frozen=True, slots=True)
class Turn:
    """Records that were handled in one transaction, and its clock."""

    partition: Partition
    records: Sequence[Record]
    at: datetime


@dataclass(frozen=True)
class Turns:
    """First what was taken before the journal begins, in the order of the records' times; then as the journal tells.

    What no journal covers was taken if it lies before its partition's position, or before the part that the journal
    covers, or where neither is known, if it is older than the journal. What else it does not cover was not handled:
    either given up, or not yet taken.
    """

    logs: Logs
    coverage: Coverage
    positions: Mapping[Partition, int]
    """Of the service, as far as they are known."""
    guess: bool
    """Take what is older than the journal, or all without one, for handled where nothing says so."""

    def end(self, partition: Partition) -> int | None:
        """The offset after the last record that was taken; None where none was."""
        span = self.coverage.spans.get(partition)
        ends = [self.positions.get(partition), span.following if span else None]
        return max((end for end in ends if end is not None), default=None)

    async def earlier(self) -> AsyncIterator[Turn]:
        """What was taken before the journal begins."""
        bounds = {partition: self._bound(partition) for partition in self.logs.extents}
        while heads := await self._heads(bounds):
            (_, partition), *others = heads
            until = others[0][0] if others else None
            records: list[Record] = []
            while len(records) < MAX_RECORDS:
                record = await self.logs.head(partition, before=bounds[partition])
                if record is None or not self._is_earlier(record) or (until and record.timestamp_ms > until):
                    break
                records += await self.logs.take(partition, before=bounds[partition], limit=1)
            yield Turn(partition, records, _moment(records[-1]))

    async def journaled(self, entry: Entry) -> Turn | CaseWoken | None:
        """What `entry` tells of; None if it was told before, or its records are gone.

        Raises:
            RebuildRefusedError: its log ends before them.
        """
        if isinstance(entry, CaseWoken):
            return entry
        partition = Partition(entry.topic, entry.partition)
        extent = self.logs.extents.get(partition)
        if extent is None:  # the service does not read that topic any more
            return None
        _require_known(entry, extent.end)
        await self.logs.take(partition, before=entry.first)  # passed over, not handled
        records = await self.logs.take(partition, before=entry.following)
        return Turn(partition, records, entry.handled_at) if records else None

    def _bound(self, partition: Partition) -> int:
        if span := self.coverage.spans.get(partition):
            return span.first
        if partition in self.positions or not self.guess:
            return self.positions.get(partition, 0)
        return self.logs.extents[partition].end

    async def _heads(self, bounds: Mapping[Partition, int]) -> list[tuple[int, Partition]]:
        heads = [(await self.logs.head(partition, before=bound), partition) for partition, bound in bounds.items()]
        return sorted((head.timestamp_ms, partition) for head, partition in heads if head and self._is_earlier(head))

    def _is_earlier(self, record: Record) -> bool:
        partition = Partition(record.topic, record.partition)
        if partition in self.positions or partition in self.coverage.spans or self.coverage.begins_at is None:
            return True
        return record.timestamp_ms < self.coverage.begins_at.timestamp() * 1000


def _require_known(entry: InputHandled, end: int) -> None:
    if entry.following > end:
        raise RebuildRefusedError(
            f"the journal tells of {entry.topic}[{entry.partition}] up to offset {entry.following}, but its log ends at"
            f" {end}: the topic was made anew, or is another installation's. Nothing can be made again from it"
        )


def _moment(record: Record) -> datetime:
    return datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)

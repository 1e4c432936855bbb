"""Records on their way from this process's transactions to its relay, which need not read them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from autodev.events.catalogue import MIB
from autodev.events.record import FRAMING, OutgoingRecord

CAPACITY_BYTES: Final = 16 * MIB
"""Beyond it records are not kept: while the broker is away, they wait in the outbox alone."""


@dataclass
class Handover:
    """A cache of outbox rows by `seq`, never the truth: what is missing here is read from the table, and what a
    rollback left here is in no table, so nobody asks for it."""

    capacity: int = CAPACITY_BYTES
    is_open: bool = field(default=False, init=False)
    """Whether a relay of this process publishes; else nothing is kept."""
    _records: dict[int, OutgoingRecord] = field(default_factory=dict, init=False)
    _bytes: int = field(default=0, init=False)

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False
        self._records.clear()
        self._bytes = 0

    def keep(self, rows: Iterable[int], records: Sequence[OutgoingRecord]) -> None:
        """Keep `records`, which are in the outbox under `rows`, as far as there is room."""
        if not self.is_open:
            return
        for seq, record in zip(rows, records, strict=True):
            if self._bytes >= self.capacity:
                return
            self._records[seq] = record
            self._bytes += _weight(record)

    def among(self, rows: Iterable[int]) -> Mapping[int, OutgoingRecord]:
        """Those of `rows` that are here."""
        return {seq: record for seq in rows if (record := self._records.get(seq)) is not None}

    def forget(self, rows: Iterable[int]) -> None:
        for seq in rows:
            if (record := self._records.pop(seq, None)) is not None:
                self._bytes -= _weight(record)


def _weight(record: OutgoingRecord) -> int:
    """Bytes of memory, roughly."""
    return len(record.value or b"") + 2 * FRAMING

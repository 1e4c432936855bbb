"""The journal of one service: what it took, in the order in which it took it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from autodev.events.binary import from_record
from autodev.events.catalogue import INPUT_HANDLED
from autodev.events.models.journal import CaseWoken, InputHandled
from autodev.ids import EventId
from autodev.rebuild.logs import FETCH, open_logs
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.ports import Partition

Entry = InputHandled | CaseWoken


@dataclass(frozen=True, slots=True)
class Span:
    """The offsets of a partition that the journal covers."""

    first: int
    following: int


@dataclass
class Coverage:
    """What a journal tells of, and since when."""

    spans: dict[Partition, Span] = field(default_factory=dict)
    begins_at: datetime | None = None
    """None without any entry."""

    def add(self, entry: Entry) -> None:
        if isinstance(entry, CaseWoken):
            self.begins_at = self.begins_at or entry.woken_at
            return
        self.begins_at = self.begins_at or entry.handled_at
        partition = Partition(entry.topic, entry.partition)
        known = self.spans.get(partition, Span(entry.first, entry.following))
        self.spans[partition] = Span(min(known.first, entry.first), max(known.following, entry.following))


async def read_journal(connection: KafkaConnection, service: str) -> AsyncIterator[Entry]:
    """The entries of `service`: all are in one partition, in the order of the outbox.

    A relay that died before it marked what it had published has published it again, later than before; the first place
    is the true one. A waking is told once; that a batch has been told already, its offsets say.

    Raises:
        KafkaError: the broker is away.
    """
    wakings: set[EventId] = set()
    async with open_logs(connection, [INPUT_HANDLED.name]) as logs:
        for partition, extent in logs.extents.items():
            while records := await logs.take(partition, before=extent.end, limit=FETCH):
                for event in map(from_record, records):
                    if event.source != f"/services/{service}":
                        continue
                    if isinstance(event.data, InputHandled):
                        yield event.data
                    elif isinstance(event.data, CaseWoken) and event.id not in wakings:
                        wakings.add(event.id)
                        yield event.data


async def coverage_of(connection: KafkaConnection, service: str) -> Coverage:
    """What the journal of `service` covers."""
    coverage = Coverage()
    async for entry in read_journal(connection, service):
        coverage.add(entry)
    return coverage

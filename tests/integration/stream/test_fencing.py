"""A process that was paused comes back after its partition moved on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from autodev.events.binary import to_record
from autodev.events.record import OutgoingRecord, Record
from autodev.stream.admission import Admission, Arrival
from autodev.stream.batch import BatchProcessor
from autodev.stream.limits import Outcomes
from autodev.stream.ports import FencedError, Ledger, LogId, Partition, Progress, Transaction
from tests.contract.stream.handlers import Noting
from tests.contract.stream.ledgers import on_postgres
from tests.contract.stream.reports import report

pytestmark = pytest.mark.postgres

PARTITION = Partition("agent.task.reported.v1", 0)


@dataclass
class Pausing:
    """A ledger whose process is paused once, right after it has read its position."""

    ledger: Ledger[Any]
    paused: asyncio.Event = field(default_factory=asyncio.Event)
    resumed: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction[Any]]:
        async with self.ledger.begin() as transaction:
            yield _Paused(transaction, self)


@dataclass
class _Paused:
    transaction: Transaction[Any]
    ledger: Pausing

    @property
    def store(self) -> Any:
        return self.transaction.store

    async def position(self, group: str, partition: Partition) -> int | None:
        return (await self.progress(group, partition)).position

    async def progress(self, group: str, partition: Partition) -> Progress:
        found = await self.transaction.progress(group, partition)
        self.ledger.paused.set()
        await self.ledger.resumed.wait()
        return found

    async def advance(
        self,
        group: str,
        partition: Partition,
        *,
        expected: int | None,
        following: int,
        outcomes: Outcomes | None = None,
        log: LogId | None = None,
    ) -> None:
        await self.transaction.advance(
            group, partition, expected=expected, following=following, outcomes=outcomes, log=log
        )

    async def admit(self, group: str, arrivals: Sequence[Arrival]) -> Admission:
        return await self.transaction.admit(group, arrivals)

    async def enqueue(self, records: Sequence[OutgoingRecord]) -> None:
        await self.transaction.enqueue(records)


def received(offset: int, words: str) -> Record:
    sent = to_record(report(words))
    return Record(sent.topic, 0, offset, sent.timestamp_ms or 0, sent.key, sent.value, sent.headers)


@pytest.mark.parametrize("already", [0, 3], ids=["a new partition", "a partition under way"])
async def test_a_zombie_is_fenced_and_its_effects_are_nowhere(database_url: str, already: int) -> None:
    async with on_postgres(database_url) as tested:
        successor = BatchProcessor("first", "/services/first", tested.ledger, Noting(tested))
        if already:
            await successor.process(PARTITION, [received(offset, "earlier") for offset in range(already)])
        before = await tested.notes()

        pausing = Pausing(tested.ledger)
        zombie = BatchProcessor("first", "/services/first", pausing, Noting(tested))
        # Not the successor's records: its inbox must not be what saves us.
        stale = asyncio.create_task(zombie.process(PARTITION, [received(already, "by the zombie")]))
        await pausing.paused.wait()
        await successor.process(PARTITION, [received(already, "by the successor"), received(already + 1, "next")])
        pausing.resumed.set()
        with pytest.raises(FencedError, match=r"agent\.task\.reported\.v1\[0\]"):
            await stale
        assert await tested.notes() == [*before, "by the successor", "next"]


async def test_a_fenced_process_goes_on_from_where_its_successor_is(database_url: str) -> None:
    async with on_postgres(database_url) as tested:
        handler = Noting(tested)
        processor = BatchProcessor("first", "/services/first", tested.ledger, handler)
        records = [received(offset, str(offset)) for offset in range(4)]
        await processor.process(PARTITION, records[:3])
        assert await processor.process(PARTITION, records) == 4
        assert await tested.notes() == ["0", "1", "2", "3"]
        assert handler.batches == [["0", "1", "2"], ["3"]]

"""A ledger in memory, with the atomicity of the real one: what a block raises leaves no trace.

Transactions run one after another, so two partitions never overwrite each other's effects.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from autodev.events.models.base import utc_now
from autodev.events.record import OutgoingRecord
from autodev.stream import admission
from autodev.stream.admission import Admission, Arrival, Handled, Identity, firsts
from autodev.stream.limits import Outcomes
from autodev.stream.ports import FencedError, LogId, Partition, Progress

Store = dict[str, Any]


@dataclass
class _State:
    store: Store = field(default_factory=dict)
    progress: dict[tuple[str, Partition], Progress] = field(default_factory=dict)
    inbox: dict[str, dict[Identity, Handled]] = field(default_factory=dict)
    """By group."""


class MemoryLedger:
    def __init__(self) -> None:
        self._state = _State()
        self._turn = asyncio.Lock()
        self.outbox: list[OutgoingRecord] = []
        """What committed transactions enqueued and no relay has taken."""

    @property
    def store(self) -> Store:
        """What committed transactions have stored."""
        return self._state.store

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryTransaction]:
        async with self._turn:
            transaction = MemoryTransaction(copy.deepcopy(self._state))
            yield transaction
            self._state = transaction.state
            self.outbox.extend(transaction.enqueued)


@dataclass
class MemoryTransaction:
    state: _State
    enqueued: list[OutgoingRecord] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.state.store

    async def position(self, group: str, partition: Partition) -> int | None:
        return (await self.progress(group, partition)).position

    async def progress(self, group: str, partition: Partition) -> Progress:
        return self.state.progress.get((group, partition), Progress())

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
        before = await self.progress(group, partition)
        if before.position != expected:
            raise FencedError(f"position of {partition} in group {group} is no longer {expected}")
        self.state.progress[group, partition] = Progress(
            following, before.outcomes if outcomes is None else outcomes, before.log or log
        )

    async def admit(self, group: str, arrivals: Sequence[Arrival]) -> Admission:
        handled = self.state.inbox.setdefault(group, {})
        now = utc_now()
        admitted = admission.admit(arrivals, handled, now)
        for identity, arrival in firsts(arrivals).items():
            handled.setdefault(identity, Handled(arrival.digest, now))
        return admitted

    async def enqueue(self, records: Sequence[OutgoingRecord]) -> None:
        self.enqueued.extend(records)

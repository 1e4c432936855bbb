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

from autodev.events.envelope import Event
from autodev.events.record import OutgoingRecord
from autodev.stream.ports import FencedError, Partition

Store = dict[str, Any]


@dataclass
class _State:
    store: Store = field(default_factory=dict)
    positions: dict[tuple[str, Partition], int] = field(default_factory=dict)
    inbox: set[tuple[str, str, str]] = field(default_factory=set)


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
        return self.state.positions.get((group, partition))

    async def advance(self, group: str, partition: Partition, *, expected: int | None, following: int) -> None:
        if self.state.positions.get((group, partition)) != expected:
            raise FencedError(f"position of {partition} in group {group} is no longer {expected}")
        self.state.positions[group, partition] = following

    async def admit(self, group: str, events: Sequence[Event[Any]]) -> Sequence[Event[Any]]:
        new = []
        for event in events:
            identity = (group, event.source, event.id)
            if identity not in self.state.inbox:
                self.state.inbox.add(identity)
                new.append(event)
        return new

    async def enqueue(self, records: Sequence[OutgoingRecord]) -> None:
        self.enqueued.extend(records)

"""What the runtime asks of a broker and of a database. Real and in-memory versions pass one contract suite."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NewType, Protocol, TypeVar
from uuid import UUID

from autodev.events.record import OutgoingRecord, Record
from autodev.stream.admission import Admission, Arrival
from autodev.stream.limits import NOTHING_SEEN, Outcomes

S_co = TypeVar("S_co", covariant=True)


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    topic: str
    number: int

    def __str__(self) -> str:
        return f"{self.topic}[{self.number}]"


@dataclass(frozen=True, slots=True)
class Extent:
    """The offsets that a log holds: from `beginning` up to, but not including, `end`."""

    beginning: int
    end: int


LogId = NewType("LogId", UUID)
"""Of a topic's log; one that is made anew under the same name has another."""

PartitionsChanged = Callable[[Collection[Partition]], Awaitable[None]]


class Publisher(Protocol):
    """Writes records, in order per partition."""

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        """Return when the broker has acknowledged all of `records`.

        Raises:
            OSError or KafkaError: the broker is away; any of the records may have been written.
        """


class Subscription(Protocol):
    """One member of a consumer group."""

    async def start(self, *, assigned: PartitionsChanged, revoked: PartitionsChanged) -> None:
        """Join. `revoked` is awaited before partitions go to another member: finish what is in flight there."""

    async def logs(self) -> Mapping[str, LogId | None]:
        """The log that each subscribed topic is now, as the broker tells it; None where there is no such topic.

        Raises:
            OSError or KafkaError: the broker is away.
        """

    async def extent(self, partition: Partition) -> Extent:
        """What the log of `partition` holds now, as the broker tells it."""

    def seek(self, partition: Partition, offset: int) -> None:
        """Let the next poll of `partition`, which must be ours, begin at `offset`; until then the group's decides."""

    async def poll(self, partition: Partition, *, max_records: int, seconds: float) -> Sequence[Record]:
        """The next records of `partition` in offset order; empty after `seconds` without any."""

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Set the group's next offset of each partition. Raises if a partition is no longer ours."""

    def lag(self, partition: Partition, next_offset: int) -> int | None:
        """Records between `next_offset` and the end of the log; None while unknown."""

    async def stop(self) -> None:
        """Leave the group."""


class FencedError(RuntimeError):
    """The position moved without us: another member took the partition while this process was paused."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a group is in one partition."""

    position: int | None = None
    """The next offset to process; None before the first record."""
    outcomes: Outcomes = NOTHING_SEEN
    log: LogId | None = None
    """The log that the position is in; None while unknown."""


class Transaction(Protocol[S_co]):
    """One database transaction: effects, inbox, outbox and position commit together or not at all."""

    @property
    def store(self) -> S_co:
        """What handlers read and write; for PostgreSQL the open connection."""

    async def position(self, group: str, partition: Partition) -> int | None:
        """The next offset to process; None before the first record."""

    async def progress(self, group: str, partition: Partition) -> Progress:
        """The position, what became of the last records before it, and which log they were in."""

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
        """Compare `expected` with the position and set `following`, `outcomes` if there are any, `log` if none is set.

        Raises:
            FencedError: the position is no longer `expected`.
        """

    async def admit(self, group: str, arrivals: Sequence[Arrival]) -> Admission:
        """Tell the new of `arrivals` from those this group has handled, and remember the new ones as handled."""

    async def enqueue(self, records: Sequence[OutgoingRecord]) -> None:
        """Put records into the outbox, in order."""


class Ledger(Protocol[S_co]):
    def begin(self) -> AbstractAsyncContextManager[Transaction[S_co]]:
        """A transaction: commits at the end of the block, rolls back if it raises."""

"""A broker in memory: topics, groups and compaction as far as the SDK can tell, across threads and event loops."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from time import time

from autodev.events.catalogue import SKILL_PROMOTED
from autodev.events.record import OutgoingRecord, Record
from autodev.sdk.transport import CAUGHT_UP, PromotionStream, UndeliveredError

MOST_SECONDS_AHEAD = 3_600
"""Kafka's default for `message.timestamp.after.max.ms`."""


@dataclass
class MemoryBroker:
    """One log, one partition a topic. `is_away` makes it refuse records, as a broker that can't be reached."""

    is_away: bool = False
    _log: list[Record] = field(default_factory=list)
    _committed: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))
    _waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)
    _followed: int = 0
    _lock: threading.Condition = field(default_factory=threading.Condition)

    def append(self, records: Sequence[OutgoingRecord]) -> int:
        """Write `records` at the end, and wake whoever waits for some. How many were refused: those of a time to come.

        Raises:
            UndeliveredError: the broker is away.
        """
        if self.is_away:
            raise UndeliveredError(records, "the broker in memory is away")
        latest = (time() + MOST_SECONDS_AHEAD) * 1_000
        accepted = [record for record in records if (record.timestamp_ms or 0) <= latest]
        with self._lock:
            for record in accepted:
                self._log.append(self._stored(record))
            for loop, event in self._waiting:
                with suppress(RuntimeError):  # that loop is closed; nobody waits there any more
                    loop.call_soon_threadsafe(event.set)
        return len(records) - len(accepted)

    def records(self, *topics: str) -> list[Record]:
        """All records of `topics`, oldest first; of all topics if none is named."""
        with self._lock:
            return [record for record in self._log if not topics or record.topic in topics]

    def uncommitted(self, group: str, topics: Sequence[str]) -> list[Record]:
        """Records of `topics` that `group` has not committed."""
        done = self._committed[group]
        return [record for record in self.records(*topics) if (record.topic, record.offset) not in done]

    def commit(self, group: str, records: Sequence[Record]) -> None:
        self._committed[group].update((record.topic, record.offset) for record in records)

    def note_followed(self, promotion: int) -> None:
        """The promotions up to this one, counted from 1, have been dealt with by whoever reads them."""
        with self._lock:
            self._followed = promotion
            self._lock.notify_all()

    def await_followed(self, timeout: float) -> bool:
        """Wait until all promotions have been dealt with; False if that took longer."""
        promotions = len(self.records(SKILL_PROMOTED.name))
        with self._lock:
            return self._lock.wait_for(lambda: self._followed >= promotions, timeout)

    @asynccontextmanager
    async def arrivals(self) -> AsyncIterator[asyncio.Event]:
        """An event of the running loop that is set whenever records arrive."""
        waiting = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.append(waiting)
        try:
            yield waiting[1]
        finally:
            with self._lock:
                self._waiting.remove(waiting)

    def _stored(self, record: OutgoingRecord) -> Record:
        return Record(
            topic=record.topic,
            partition=0,
            offset=sum(1 for other in self._log if other.topic == record.topic),
            timestamp_ms=record.timestamp_ms if record.timestamp_ms is not None else int(time() * 1000),
            key=record.key,
            value=record.value,
            headers=record.headers,
        )


class MemoryTransport:
    """A way to a `MemoryBroker`; see `autodev.sdk.transport.Transport`."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    async def send(self, records: Sequence[OutgoingRecord]) -> int:
        return self._broker.append(records)

    async def promotions(self) -> PromotionStream:
        followed = 0
        caught_up = False
        async with self._broker.arrivals() as arrived:
            while True:
                arrived.clear()
                for record in self._broker.records(SKILL_PROMOTED.name)[followed:]:
                    yield record
                    followed += 1
                    self._broker.note_followed(followed)
                if not caught_up:
                    caught_up = True
                    yield CAUGHT_UP
                await arrived.wait()

    @asynccontextmanager
    async def subscribe(self, topics: Sequence[str], group: str) -> AsyncIterator[MemorySubscription]:
        yield MemorySubscription(self._broker, tuple(topics), group)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class MemorySubscription:
    _broker: MemoryBroker
    _topics: tuple[str, ...]
    _group: str

    async def batches(self) -> AsyncIterator[Sequence[Record]]:
        given: set[tuple[str, int]] = set()
        async with self._broker.arrivals() as arrived:
            while True:
                arrived.clear()
                pending = self._broker.uncommitted(self._group, self._topics)
                if batch := [record for record in pending if (record.topic, record.offset) not in given]:
                    given.update((record.topic, record.offset) for record in batch)
                    yield batch
                else:
                    await arrived.wait()

    async def commit(self, records: Sequence[Record]) -> None:
        self._broker.commit(self._group, records)

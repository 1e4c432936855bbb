"""A member of a consumer group: one worker a partition, explicit offsets, drained before a partition leaves."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from time import monotonic
from typing import Any, TypeVar

import structlog

from autodev.events.record import Record
from autodev.stream.batch import BatchProcessor
from autodev.stream.endings import reason_of
from autodev.stream.logs import OtherLogError
from autodev.stream.pace import Pace
from autodev.stream.ports import FencedError, Partition, Subscription
from autodev.stream.resumption import resume
from autodev.stream.steps import Step, reached
from autodev.stream.stopping import DeadLetterLimitError, remain_stopped
from autodev.stream.watch import BrokerWatch
from autodev.telemetry.metrics import CONSUMER_LAG

T = TypeVar("T")
log = structlog.get_logger(__name__)

MAX_RECORDS = 500
POLL_SECONDS = 1.0
COMMIT_SECONDS = 0.5
"""Offsets in the broker only tell how far we are; reading starts at the position in the database."""
FIRST_RETRY_SECONDS = 0.1
LAST_RETRY_SECONDS = 5.0

Admit = Callable[[Sequence[Record]], Awaitable[None]]
"""Returns when a batch may be handled. Until then its partition stands; cancelled if the partition leaves meanwhile."""


async def at_once(_records: Sequence[Record]) -> None:
    """Lets every batch be handled."""


class GroupMember:
    """Reads a subscription's partitions, each in order by a worker of its own, so that one never waits for another.

    What can't be mended here sets `failure` and calls `on_failure`, which has to end the process: a partition without
    a worker would stand still unseen.
    """

    def __init__(
        self,
        subscription: Subscription,
        processor: BatchProcessor[Any],
        on_failure: Callable[[], None],
        max_records: int = MAX_RECORDS,
        admit: Admit = at_once,
    ) -> None:
        self.failure: BaseException | None = None
        """What only a restart helps; None while there is nothing of the kind."""
        self._on_failure = on_failure
        self._max_records = max_records
        self._admit = admit
        self._subscription = subscription
        self._processor = processor
        self._workers: dict[Partition, asyncio.Task[None]] = {}
        self._stopping: set[Partition] = set()
        self._idle: set[Partition] = set()
        """Partitions with nothing in flight: no reason for a revocation to wait."""
        self._processed: dict[Partition, int] = {}
        self._committed: dict[Partition, int] = {}
        self._watch = BrokerWatch(processor.group, subscription.logs, processor.logs)
        self._beside: list[asyncio.Task[None]] = []
        """The committer and the watch."""
        self._joined = False
        self._leaving = False
        self._trouble: dict[Partition, str] = {}

    @property
    def trouble(self) -> str | None:
        """Why this member is not working as it should; None if it is."""
        if self.failure is not None:
            return f"{type(self.failure).__name__}: {self.failure}"
        if not self._joined:
            return f"group {self._processor.group!r} not joined yet"
        if self._watch.trouble is not None:
            return self._watch.trouble
        return next((f"{partition}: {reason}" for partition, reason in self._trouble.items()), None)

    async def start(self) -> None:
        await self._subscription.start(assigned=self._assigned, revoked=self._revoked)
        self._beside = [
            asyncio.create_task(self._commit_forever(), name="offset-committer"),
            asyncio.create_task(self._watch.run(), name="broker-watch"),
        ]
        for task in self._beside:
            task.add_done_callback(self._ended_beside)

    async def stop(self) -> None:
        """Stop polling, finish what is in flight, commit, leave the group. A member that left does not come back."""
        self._leaving = True
        await self._revoked(list(self._workers))
        beside, self._beside = self._beside, []
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await self._subscription.stop()
        self._joined = False

    async def _assigned(self, partitions: Collection[Partition]) -> None:
        if self._leaving:  # a rebalance that began before we left
            return
        self._joined = True
        for partition in partitions:
            self._stopping.discard(partition)
            worker = asyncio.create_task(self._work(partition), name=f"worker {partition}")
            self._workers[partition] = worker
            worker.add_done_callback(partial(self._worker_ended, partition))
        log.info("partitions_assigned", group=self._processor.group, partitions=len(partitions))

    async def _revoked(self, partitions: Collection[Partition]) -> None:
        self._stopping.update(partitions)
        leaving = {partition: self._workers.pop(partition) for partition in partitions if partition in self._workers}
        for partition, worker in leaving.items():
            if partition in self._idle:
                worker.cancel()
        await asyncio.gather(*leaving.values(), return_exceptions=True)
        await self._commit()
        for partition in partitions:
            for state in (self._processed, self._committed, self._trouble):
                state.pop(partition, None)

    def _worker_ended(self, partition: Partition, worker: asyncio.Task[None]) -> None:
        if self._workers.get(partition) is worker:  # else it was told to end
            self._fail(worker)

    def _ended_beside(self, task: asyncio.Task[None]) -> None:
        if task in self._beside:
            self._fail(task)

    def _fail(self, task: asyncio.Task[None]) -> None:
        if self.failure is None:
            self.failure = reason_of(task)
            self._on_failure()

    async def _work(self, partition: Partition) -> None:
        delay = FIRST_RETRY_SECONDS
        records: Sequence[Record] = ()
        pace = Pace()
        while partition not in self._stopping:
            try:
                if partition not in self._processed:
                    self._processed[partition] = await self._interruptible(partition, self._resume(partition))
                records = records or await self._interruptible(partition, self._poll(partition, pace))
                if records and records[0].offset < self._processed[partition]:
                    # The client goes to the beginning by itself when the log has lost its offset.
                    del self._processed[partition]
                    records = ()
                    continue
                if records:
                    await self._interruptible(partition, self._admit(records))
                    reached(Step.POLLED)
                    self._processed[partition] = await self._processor.process(partition, records)
            except OtherLogError:
                raise
            except DeadLetterLimitError as error:
                self._trouble[partition] = str(error)
                await self._interruptible(partition, remain_stopped(error))
            except FencedError as error:
                log.warning("fenced", partition=str(partition), detail=str(error))
                await asyncio.sleep(FIRST_RETRY_SECONDS)
                continue
            except Exception as error:  # infrastructure: wait, then do the same batch again
                self._trouble[partition] = f"{type(error).__name__}: {error}"[:300]
                log.warning("waiting_for_infrastructure", partition=str(partition), seconds=delay, exc_info=error)
                await asyncio.sleep(delay * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret
                delay = min(delay * 2, LAST_RETRY_SECONDS)
                continue
            records = ()
            delay = FIRST_RETRY_SECONDS
            self._trouble.pop(partition, None)
            self._measure_lag(partition)

    async def _interruptible(self, partition: Partition, waiting: Awaitable[T]) -> T:
        self._idle.add(partition)
        try:
            return await waiting
        finally:
            self._idle.discard(partition)

    async def _resume(self, partition: Partition) -> int:
        processor = self._processor
        return await resume(self._subscription, processor.ledger, processor.group, partition, processor.logs)

    async def _poll(self, partition: Partition, pace: Pace) -> Sequence[Record]:
        await asyncio.sleep(pace.pause(monotonic()))
        records = await self._subscription.poll(partition, max_records=self._max_records, seconds=POLL_SECONDS)
        if records:
            waiting = self._subscription.lag(partition, records[-1].offset + 1) or 0
            pace.began(monotonic(), backlog=waiting >= self._max_records)
        return records

    def _measure_lag(self, partition: Partition) -> None:
        processed = self._processed.get(partition)
        lag = self._subscription.lag(partition, processed) if processed is not None else None
        if lag is not None:
            CONSUMER_LAG.set(
                lag,
                {
                    "messaging.consumer.group.name": self._processor.group,
                    "messaging.destination.name": partition.topic,
                    "messaging.destination.partition.id": str(partition.number),
                },
            )

    async def _commit_forever(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            await self._commit()

    async def _commit(self) -> None:
        offsets = {
            partition: offset
            for partition, offset in self._processed.items()
            if self._committed.get(partition) != offset
        }
        if not offsets:
            return
        reached(Step.COMMITTING)
        try:
            await self._subscription.commit(offsets)
        except Exception as error:  # noqa: BLE001 - the position is the truth: at worst records come again and are skipped
            log.warning("commit_failed", group=self._processor.group, error=f"{type(error).__name__}: {error}")
        else:
            self._committed.update(offsets)

"""One assigned partition: without gaps, each record once in effect, retried while the database is away."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Sequence

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.record import Record
from autodev.stream.batch import BatchProcessor
from autodev.stream.failures import FailureClass, classify
from autodev.stream.limits import DEFAULT_LIMITS, Limits
from autodev.stream.logs import KnownLogs
from autodev.stream.ports import FencedError, Partition
from autodev.stream.postgres.ledger import PostgresLedger
from autodev.stream.stopping import DeadLetterLimitError, remain_stopped
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing
from services.analysis.handlers import PartitionFold, check

log = structlog.get_logger(__name__)

FIRST_RETRY_SECONDS = 0.1
LAST_RETRY_SECONDS = 5.0
GIVE_UP_SECONDS = 60.0
"""After that the process ends, and its successor waits for the database before it joins the group."""


class GapError(RuntimeError):
    """Records between the position and these were not delivered."""


async def _all(_partition: Partition, first: int, end: int) -> Collection[int]:
    """In a log without transactions."""
    return range(first, end)


class PartitionReader:
    """Takes what Faust delivers of one partition, in any cut and however often."""

    def __init__(
        self,
        partition: Partition,
        group: str,
        ledger: PostgresLedger,
        windowing: Windowing,
        limits: Limits = DEFAULT_LIMITS,
        known: KnownLogs | None = None,
        readable: Callable[[Partition, int, int], Awaitable[Collection[int]]] = _all,
    ) -> None:
        self.partition = partition
        self.next_offset: int | None = None
        """The position as last seen; None while unknown."""
        self.trouble: str | None = None
        self._group = group
        self._readable = readable
        self._ledger = ledger
        self._fold = PartitionFold(partition.number, windowing)
        self._processor = BatchProcessor[AsyncConnection](
            group, f"/services/{group}", ledger, self._fold, check, limits, known or KnownLogs()
        )
        self._lock = asyncio.Lock()
        self._telling: asyncio.Task[None] | None = None

    @property
    def state(self) -> PartitionState | None:
        """State at `next_offset`; None while a batch is in work or nothing has been loaded."""
        return None if self._lock.locked() else self._fold.state

    async def open(self) -> None:
        """Load position and state before any record comes."""
        async with self._lock, self._ledger.begin() as transaction:
            self.next_offset = await transaction.position(self._group, self.partition)
            await self._fold.load(transaction.store)

    @property
    def stopped(self) -> bool:
        """Whether too many dead letters have stopped it: it takes nothing more, and says so until it is closed."""
        return self._telling is not None

    def close(self) -> None:
        if self._telling is not None:
            self._telling.cancel()

    async def process(self, records: Sequence[Record]) -> None:
        """Return when all of `records` are in effect, or it is stopped.

        Raises:
            GapError: records before these are missing.
            Exception: something else that no retry helps; what was not done comes again after a restart.
        """
        ordered = sorted({record.offset: record for record in records}.values(), key=lambda record: record.offset)
        loop = asyncio.get_running_loop()
        give_up_at, delay = loop.time() + GIVE_UP_SECONDS, FIRST_RETRY_SECONDS
        async with self._lock:
            while not self.stopped:
                try:
                    await self._take(ordered)
                except DeadLetterLimitError as error:
                    self._stop(error)
                    return
                except FencedError as error:
                    self.next_offset = None
                    log.warning("fenced", partition=str(self.partition), detail=str(error))
                except Exception as error:
                    if loop.time() >= give_up_at or classify(error) is not FailureClass.INFRASTRUCTURE:
                        raise
                    self.trouble = f"{type(error).__name__}: {error}"[:300]
                    log.warning("waiting_for_infrastructure", partition=str(self.partition), exc_info=error)
                else:
                    self.trouble = None
                    return
                await asyncio.sleep(delay * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret
                delay = min(delay * 2, LAST_RETRY_SECONDS)

    def _stop(self, error: DeadLetterLimitError) -> None:
        self.trouble = str(error)
        self._telling = asyncio.create_task(remain_stopped(error), name=f"stopped {self.partition}")

    async def _take(self, records: Sequence[Record]) -> None:
        position = self.next_offset
        if position is None or records[0].offset > position:
            # Ours may be old: another process may have had the partition meanwhile.
            position = await self._position()
        fresh = [record for record in records if record.offset >= position]
        if fresh:
            await self._require_all(position, fresh)
            position = await self._processor.process(self.partition, fresh)
        self.next_offset = position

    async def _require_all(self, position: int, fresh: Sequence[Record]) -> None:
        end = fresh[-1].offset + 1
        if end - position == len(fresh):
            return
        delivered = {record.offset for record in fresh}
        missing = [each for each in await self._readable(self.partition, position, end) if each not in delivered]
        if missing:
            raise GapError(
                f"{len(missing)} records of {self.partition} between the position {position} and offset {end - 1} were"
                " not delivered: a restarted process reads them again"
            )

    async def _position(self) -> int:
        """Zero for a partition that was added after `offsets.align` had given all others a position."""
        async with self._ledger.begin() as transaction:
            return await transaction.position(self._group, self.partition) or 0

"""What has to happen though no record comes: open new partitions, tick idle clocks, notice that nothing moves."""

from __future__ import annotations

import asyncio

import structlog

from autodev.stream.failures import FailureClass, classify
from autodev.stream.ports import Publisher
from autodev.telemetry.metrics import CONSUMER_LAG
from services.analysis.consumer.member import FaustMember
from services.analysis.consumer.partition import PartitionReader
from services.analysis.consumer.stall import StallWatch
from services.analysis.consumer.ticks import IdleClocks, tick

log = structlog.get_logger(__name__)

INTERVAL_SECONDS = 1.0
STALL_SECONDS = 15.0
REBALANCE_SECONDS = 60.0


class Patrol:
    def __init__(
        self, member: FaustMember, publisher: Publisher, group: str, interval: float = INTERVAL_SECONDS
    ) -> None:
        self._member = member
        self._interval = interval
        self._publisher = publisher
        self._group = group
        self._stalls = StallWatch()
        self._clocks: dict[PartitionReader, IdleClocks] = {}
        self._waiting: dict[PartitionReader, int | None] = {}
        """Where each stood in the last round, if it was behind."""

    async def run(self) -> None:
        """Go round until cancelled or the member stops; what no retry helps ends the member."""
        while True:
            await asyncio.sleep(self._interval)
            try:
                await self._round()
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not self._member.draining or (task and task.cancelling()):
                    raise
                return  # the consumer that it asked is being stopped, and let a cancellation of its own out
            except Exception as error:
                if self._member.draining:
                    return
                if classify(error) is not FailureClass.INFRASTRUCTURE:
                    self._member.fail(error)
                    return
                log.warning("patrol_interrupted", exc_info=error)

    async def _round(self) -> None:
        if self._member.crash is not None:
            raise self._member.crash
        now = asyncio.get_running_loop().time()
        self._member.drop_revoked()
        rebalancing = self._member.rebalancing
        self._stalls.observe("rebalance", None, pending=rebalancing, now=now, limit=REBALANCE_SECONDS)
        readers = [] if rebalancing else self._member.readers
        self._clocks = {reader: self._clocks.get(reader, IdleClocks()) for reader in readers}
        self._waiting = {reader: self._waiting.get(reader) for reader in readers}
        for reader in readers:
            if reader.next_offset is None:
                await reader.open()
        for reader, lag in (await self._member.lags(readers) if readers else {}).items():
            await self._visit(reader, lag, now)

    async def _visit(self, reader: PartitionReader, lag: int, now: float) -> None:
        waits_at, self._waiting[reader] = self._waiting.get(reader), reader.next_offset if lag > 0 else None
        if lag > 0 and waits_at == reader.next_offset is not None and await self._member.holds_nothing(reader, lag):
            lag = 0
        pending = lag > 0 and reader.trouble is None
        self._stalls.observe(str(reader.partition), reader.next_offset, pending=pending, now=now, limit=STALL_SECONDS)
        CONSUMER_LAG.set(
            lag,
            {
                "messaging.consumer.group.name": self._group,
                "messaging.destination.name": reader.partition.topic,
                "messaging.destination.partition.id": str(reader.partition.number),
            },
        )
        if lag == 0:
            await self._tick(reader, now)

    async def _tick(self, reader: PartitionReader, now: float) -> None:
        state = reader.state
        if state is not None and (seconds := self._clocks[reader].overdue(state, now)):
            await self._publisher.publish([tick(seconds, f"/services/{self._group}", reader.partition.number)])

"""From the buffer to the broker; by way of the spool while the broker is away, and in order all the same."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic

from autodev.events.record import OutgoingRecord
from autodev.sdk.delivery.buffer import Buffer
from autodev.sdk.delivery.reporter import Prepared, Reporter
from autodev.sdk.delivery.spool import Spool
from autodev.sdk.log import log
from autodev.sdk.recording.report import Remainder, Report, put_back
from autodev.sdk.skills.registry import SkillRegistry
from autodev.sdk.transport import Transport, UndeliveredError

_BATCH = 500
_SWEEP_SECONDS = 1.0
_QUIET_SECONDS = 2.0
"""Successes that wait for a report longer than this are counted in one of their own."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0


class Delivery:
    """One loop that empties the buffer. All of it runs on the background thread."""

    def __init__(
        self,
        buffer: Buffer[Report],
        registry: SkillRegistry,
        reporter: Reporter,
        transport: Transport,
        spool: Spool,
    ) -> None:
        self._buffer = buffer
        self._registry = registry
        self._reporter = reporter
        self._transport = transport
        self._spool = spool
        self._pause = _FIRST_PAUSE
        self._retry_at = 0.0
        self._swept_at = monotonic()
        self._away = asyncio.Event()
        self._sending: list[Prepared] = []
        self._losses = 0
        self._is_losing = False
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()

    def wake(self) -> None:
        """There is something in the buffer."""
        self._idle.clear()
        self._wake.set()

    def report_counts(self) -> None:
        """Report what was counted and is not reported yet, without waiting for more."""
        self._sweep(quiet_for=0.0)
        self.wake()

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then is left to `finish`."""
        while True:
            # By the clock: an agent that is busy with one skill must not keep the counts of another waiting.
            if monotonic() - self._swept_at >= _SWEEP_SECONDS:
                self._sweep(quiet_for=_QUIET_SECONDS)
            await self._deliver_some()
            if not self._buffer:
                if self._spool.is_empty:
                    self._idle.set()
                await self._sleep()

    async def flush(self) -> None:
        """Returns when everything counted and reported so far is at the broker."""
        losses = -1
        while losses != self._losses:  # what a lost report stood for is counted again, and waits for a sweep
            losses = self._losses
            self._retry_at = 0.0
            self.report_counts()
            await self._idle.wait()

    async def drain(self) -> None:
        """As `flush`, but returns too once the broker is known to be away."""
        waiting = [asyncio.ensure_future(self.flush()), asyncio.ensure_future(self._away.wait())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for future in waiting:
                future.cancel()

    def finish(self) -> None:
        """Leave nothing in memory: what has not arrived goes to the spool. After `run` has ended."""
        self._sweep(quiet_for=0.0)
        unsent, self._sending = self._sending, []
        self._keep(unsent)
        while reports := self._buffer.take(_BATCH):
            self._keep(list(self._records(reports)))
        self._spool.close()

    async def _sleep(self) -> None:
        self._wake.clear()
        if self._buffer:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), self._until_next_turn())

    def _until_next_turn(self) -> float:
        if self._spool.is_empty:
            return _SWEEP_SECONDS
        return min(_SWEEP_SECONDS, max(0.0, self._retry_at - monotonic()))

    async def _deliver_some(self) -> None:
        self._sending = list(self._records(self._buffer.take(_BATCH)))
        if not self._spool.is_empty:
            # Older ones wait: the order within a key is kept by standing behind them.
            self._keep(self._sending)
            self._sending = []
            await self._replay()
        elif self._sending:
            undelivered = set(await self._send([each.record for each in self._sending]))
            waiting = [each for each in self._sending if each.record in undelivered]
            self._sending = []
            self._keep(waiting)

    async def _replay(self) -> None:
        while not self._spool.is_empty and monotonic() >= self._retry_at:
            try:
                records = self._spool.oldest(_BATCH)
                undelivered = await self._send(records) if records else []
                # Those after the first that failed are sent again: they may have overtaken it.
                self._spool.forget(records.index(undelivered[0]) if undelivered else len(records))
            except OSError as error:
                log.warning("reports kept on disk wait for the next process: %s", error)
                self._spool.set_aside()
            if self._buffer:
                return

    async def _send(self, records: list[OutgoingRecord]) -> list[OutgoingRecord]:
        """Those of `records` that are not at the broker."""
        try:
            self._buffer.count_lost(await self._transport.send(records))
        except UndeliveredError as error:
            self._buffer.count_lost(error.refused)
            if not self._away.is_set():
                log.warning("%s; reports are kept on disk and sent when the broker is back", error)
            self._pause = min(self._pause * 2, _LONGEST_PAUSE) if self._away.is_set() else _FIRST_PAUSE
            self._away.set()
            self._retry_at = monotonic() + self._pause * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
            return list(error.records)
        if self._away.is_set():
            log.info("the broker is back; reports kept on disk are being sent")
        self._away.clear()
        return []

    def _keep(self, waiting: list[Prepared]) -> None:
        if not waiting:
            return
        reason = "there is no room for more"
        try:
            kept = self._spool.append([each.record for each in waiting])
        except OSError as error:
            kept, reason = 0, str(error)
        lost = waiting[kept:]
        if lost and not self._is_losing:  # once for all that follow, or the agent's log would be the next to be full
            log.warning("reports are lost, counted and told of later: the spool can't take them: %s", reason)
        self._is_losing = bool(lost)
        if lost:
            self._losses += 1
            self._buffer.count_lost(sum(self._reporter.lost(each) for each in lost))

    def _records(self, reports: list[Report]) -> Iterator[Prepared]:
        for report in reports:
            try:
                yield from self._reporter.records(report, dropped=self._buffer.take_lost())
            except Exception:  # noqa: BLE001 - one report that can't be encoded must not stop the others
                log.warning("a report is lost: it could not be encoded", exc_info=True)
                self._buffer.count_lost(1)
                put_back(report)

    def _sweep(self, *, quiet_for: float) -> None:
        self._swept_at = monotonic()
        for skill in self._registry:
            for version in skill.versions:
                if successes := version.tally.unreported_successes(quiet_for=quiet_for):
                    self._count(Remainder(skill, version, success=True, executions=successes))
                if quiet_for == 0.0 and (failures := version.tally.unreported_failures()):
                    self._count(Remainder(skill, version, success=False, executions=failures))

    def _count(self, remainder: Remainder) -> None:
        if not self._buffer.put(remainder):
            put_back(remainder)

"""One batch of one partition: in one transaction, or record by record where one of them is the trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Generic, TypeVar

import structlog

from autodev.events.envelope import Event
from autodev.events.models.base import utc_now
from autodev.events.record import OutgoingRecord, Record
from autodev.stream.dead_letters import Defect, dead_letter
from autodev.stream.emission import to_records
from autodev.stream.failures import FailureClass, classify
from autodev.stream.handler import BatchHandler
from autodev.stream.limits import DEFAULT_LIMITS, Excess, Limits, Outcomes, follow
from autodev.stream.logs import KnownLogs
from autodev.stream.ports import FencedError, Ledger, Partition, Transaction
from autodev.stream.reading import Check, Reading, accept, read
from autodev.stream.steps import Step, reached
from autodev.stream.stopping import DeadLetterLimitError
from autodev.telemetry.metrics import DEAD_LETTERS, EVENT_AGE
from autodev.telemetry.tracing import processing

S = TypeVar("S")
log = structlog.get_logger(__name__)

ATTEMPTS = 3
"""Tries of one record on its own before it becomes a dead letter."""
RETRY_SECONDS = 0.05


@dataclass(frozen=True)
class BatchProcessor(Generic[S]):
    """Applies a handler to batches, once in effect however often a record comes."""

    group: str
    source: str
    ledger: Ledger[S]
    handler: BatchHandler[S]
    check: Check = accept
    limits: Limits = DEFAULT_LIMITS
    logs: KnownLogs = field(default_factory=KnownLogs)
    """Positions are written as those in these logs."""

    async def process(self, partition: Partition, records: Sequence[Record]) -> int:
        """Handle `records` (offsets ascending, one partition); return the next offset to process.

        Raises:
            FencedError: another member has taken the partition; nothing was done.
            DeadLetterLimitError: too many records were given up; those before its offset are done, no other.
            Exception: infrastructure failed; nothing was done that a retry would do twice.
        """
        try:
            return await self._process(partition, records)
        except DeadLetterLimitError as error:
            if before := [record for record in records if record.offset < error.offset]:
                await self._process(partition, before)
            raise

    async def _process(self, partition: Partition, records: Sequence[Record]) -> int:
        try:
            return await self._apply(partition, records)
        except Exception as error:
            if _concerns_all(error):
                raise
            log.warning("batch_failed", partition=str(partition), records=len(records), exc_info=error)
        following = records[-1].offset + 1
        for record in records:
            following = await self._alone(partition, record)
        return following

    async def _alone(self, partition: Partition, record: Record) -> int:
        first_failed_at = utc_now()
        for attempt in count(1):
            try:
                return await self._apply(partition, [record])
            except Exception as error:
                if _concerns_all(error):
                    raise
                log.warning(
                    "record_failed", partition=str(partition), offset=record.offset, attempt=attempt, exc_info=error
                )
                failure = classify(error)
                if failure is FailureClass.INVALID or attempt == ATTEMPTS:
                    defect = Defect(failure, f"{type(error).__name__}: {error}", attempt, first_failed_at)
                    return await self._apply(partition, [record], defect)
            await asyncio.sleep(RETRY_SECONDS * 2**attempt)
        raise AssertionError("unreachable: the last attempt gives the record up")

    async def _apply(self, partition: Partition, records: Sequence[Record], defect: Defect | None = None) -> int:
        """One transaction. With a `defect` the records are given up instead of handled."""
        following = records[-1].offset + 1
        async with self.ledger.begin() as transaction:
            progress = await transaction.progress(self.group, partition)
            position = progress.position
            fresh = [record for record in records if position is None or record.offset >= position]
            if not fresh:
                return position or following
            reading = read(fresh, self.check) if defect is None else _given_up(fresh, defect)
            admission = await transaction.admit(self.group, reading.arrivals)
            defects = {**reading.defects, **reading.conflicts(admission)}
            outcomes = self._outcomes(partition, progress.outcomes, fresh, defects)
            outgoing = await self._handle(transaction, admission.new)
            letters = [dead_letter(each, self.group, defects[each.offset]) for each in fresh if each.offset in defects]
            await transaction.enqueue([*outgoing, *letters])
            await transaction.advance(
                self.group,
                partition,
                expected=position,
                following=following,
                outcomes=outcomes,
                log=self.logs.of(partition.topic),
            )
            reached(Step.IN_TRANSACTION)
        reached(Step.TRANSACTED)
        self._tell(partition, defects)
        return following

    def _outcomes(
        self, partition: Partition, before: Outcomes, records: Sequence[Record], defects: Mapping[int, Defect]
    ) -> Outcomes:
        after = follow(before, [record.offset in defects for record in records], self.limits)
        if isinstance(after, Excess):
            offset = records[after.index].offset
            reasons = [defect.message for known, defect in sorted(defects.items()) if known <= offset]
            raise DeadLetterLimitError(self.group, partition, offset, after.limit, reasons)
        return after

    async def _handle(self, transaction: Transaction[S], new: Sequence[Event[Any]]) -> list[OutgoingRecord]:
        if not new:
            return []
        oldest = min(event.time for event in new)
        EVENT_AGE.record((utc_now() - oldest).total_seconds(), {"messaging.destination.name": new[0].type.topic.name})
        with processing(new, self.group) as traced:
            emissions = await self.handler(traced, transaction.store)
            return to_records(emissions, self.source)

    def _tell(self, partition: Partition, defects: Mapping[int, Defect]) -> None:
        for offset, defect in defects.items():
            log.warning(
                "record_given_up", record=f"{partition}@{offset}", failure=defect.failure, reason=defect.message
            )
        DEAD_LETTERS.add(len(defects), {"messaging.consumer.group.name": self.group})


def _given_up(records: Sequence[Record], defect: Defect) -> Reading:
    return Reading([], [], {record.offset: defect for record in records})


def _concerns_all(error: Exception) -> bool:
    """Whether it is no fault of a record that trying it alone could find."""
    return isinstance(error, (FencedError, DeadLetterLimitError)) or classify(error) is FailureClass.INFRASTRUCTURE

"""One batch of one partition: in one transaction, or record by record where one of them is the trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, TypeVar

import structlog

from autodev.events.binary import InvalidRecordError, from_record
from autodev.events.envelope import Event
from autodev.events.models.base import utc_now
from autodev.events.record import OutgoingRecord, Record
from autodev.stream.dead_letters import Defect, dead_letter
from autodev.stream.emission import to_events, to_records
from autodev.stream.failures import FailureClass, classify
from autodev.stream.handler import BatchHandler
from autodev.stream.ports import FencedError, Ledger, Partition, Transaction
from autodev.stream.steps import Step, reached
from autodev.telemetry.metrics import DEAD_LETTERS, EVENT_AGE
from autodev.telemetry.tracing import processing

S = TypeVar("S")
log = structlog.get_logger(__name__)


def accept(_event: Event[Any]) -> None:
    """The check of a service that takes whatever its models take."""


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
    check: Callable[[Event[Any]], None] = accept
    """Raises InvalidRecordError for an event that its model accepts but the service does not."""

    async def process(self, partition: Partition, records: Sequence[Record]) -> int:
        """Handle `records` (offsets ascending, one partition); return the next offset to process.

        Raises:
            FencedError: another member has taken the partition; nothing was done.
            Exception: infrastructure failed; nothing was done that a retry would do twice.
        """
        try:
            return await self._apply(partition, records)
        except Exception as error:
            if isinstance(error, FencedError) or classify(error) is FailureClass.INFRASTRUCTURE:
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
                failure = classify(error)
                if isinstance(error, FencedError) or failure is FailureClass.INFRASTRUCTURE:
                    raise
                log.warning(
                    "record_failed", partition=str(partition), offset=record.offset, attempt=attempt, exc_info=error
                )
                if failure is FailureClass.INVALID or attempt == ATTEMPTS:
                    defect = Defect(failure, f"{type(error).__name__}: {error}", attempt, first_failed_at)
                    return await self._apply(partition, [record], defect)
            await asyncio.sleep(RETRY_SECONDS * 2**attempt)
        raise AssertionError("unreachable: the last attempt gives the record up")

    async def _apply(self, partition: Partition, records: Sequence[Record], defect: Defect | None = None) -> int:
        """One transaction. With a `defect` the records are given up instead of handled."""
        following = records[-1].offset + 1
        async with self.ledger.begin() as transaction:
            position = await transaction.position(self.group, partition)
            fresh = [record for record in records if position is None or record.offset >= position]
            if not fresh:
                return position or following
            events, letters = self._parse(fresh, defect)
            outgoing = await self._handle(transaction, events)
            await transaction.enqueue([*outgoing, *letters])
            await transaction.advance(self.group, partition, expected=position, following=following)
            reached(Step.IN_TRANSACTION)
        reached(Step.TRANSACTED)
        DEAD_LETTERS.add(len(letters), {"messaging.consumer.group.name": self.group})
        return following

    async def _handle(self, transaction: Transaction[S], events: Sequence[Event[Any]]) -> list[OutgoingRecord]:
        new = await transaction.admit(self.group, events)
        if not new:
            return []
        now = utc_now()
        for event in new:
            EVENT_AGE.record((now - event.time).total_seconds(), {"messaging.destination.name": event.type.topic.name})
        with processing(new, self.group) as traced:
            emissions = await self.handler(traced, transaction.store)
            return to_records(to_events(emissions, self.source))

    def _parse(self, records: Sequence[Record], defect: Defect | None) -> tuple[list[Event[Any]], list[OutgoingRecord]]:
        if defect is not None:
            return [], [dead_letter(record, self.group, defect) for record in records]
        events: list[Event[Any]] = []
        letters: list[OutgoingRecord] = []
        for record in records:
            try:
                event = from_record(record)
                self.check(event)
                events.append(event)
            except InvalidRecordError as error:
                letters.append(dead_letter(record, self.group, Defect(FailureClass.INVALID, str(error), 1, utc_now())))
                place = f"{record.topic}[{record.partition}]@{record.offset}"
                log.warning("record_invalid", record=place, field=error.field, reason=error.reason)
        return events, letters

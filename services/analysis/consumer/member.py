"""The group member: Faust reads, partition readers apply, and an error that no retry helps ends the process."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from faust.exceptions import ConsumerNotStarted
from faust.types import TP

from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.logs import KnownLogs, require_known
from autodev.stream.ports import LogId, Partition
from autodev.stream.steps import Step, reached
from autodev.stream.watch import BrokerWatch
from services.analysis.consumer.faust_app import create_faust_app
from services.analysis.consumer.holes import readable
from services.analysis.consumer.messages import by_partition, release, to_record, withhold
from services.analysis.consumer.partition import PartitionReader

log = structlog.get_logger(__name__)

MAX_RECORDS = 200
WITHIN_SECONDS = 0.05
"""Time that the first record of a batch waits at most for others."""
END_SECONDS = 5.0
STOP_SECONDS = 2.0
LAST_RESORT_SECONDS = 10.0
"""From the request to stop to the end of the process, should Faust's own shutdown hang."""


class FaustMember:
    """Reads one logical topic as a member of `group`.

    Faust acknowledges whatever leaves its stream, done or not. So messages are withheld from it until they are in
    effect, and after the first error nothing is taken any more: `failure` is set and `on_failure` called, which has to
    end the process.
    """

    def __init__(
        self,
        connection: KafkaConnection,
        group: str,
        topic: str,
        reader: Callable[[Partition], PartitionReader],
        known: KnownLogs,
        on_failure: Callable[[], None],
    ) -> None:
        self.failure: BaseException | None = None
        self._on_failure = on_failure
        self._connection = connection
        self._group = group
        self._topic = topic
        self._new_reader = reader
        self._readers: dict[int, PartitionReader] = {}
        self._empty: dict[PartitionReader, tuple[int, int]] = {}
        """From where to where there is nothing to read."""
        self._app = create_faust_app(connection, group, asyncio.get_running_loop())
        self.watch = BrokerWatch(group, self._logs, known)
        self._working = asyncio.Lock()
        self.draining = False
        """Nothing is taken any more: this member stops, or has failed."""
        self._started = False

    @property
    def readers(self) -> Sequence[PartitionReader]:
        """Of the partitions that are assigned now."""
        return [self.reader(number) for number in sorted(self._assignment())]

    @property
    def rebalancing(self) -> bool:
        return bool(self._app.rebalancing)

    @property
    def trouble(self) -> str | None:
        """Why this member is not working as it should; None if it is."""
        if not self._started or self.rebalancing:
            return self.watch.trouble or "group not joined yet"
        if self.watch.trouble is not None:
            return self.watch.trouble
        return next((f"{reader.partition}: {reader.trouble}" for reader in self.readers if reader.trouble), None)

    async def start(self) -> None:
        topic = self._app.topic(self._connection.physical(self._topic), value_type=bytes, value_serializer="raw")
        self._app.agent(topic, concurrency=1, name="failures")(self._take)
        await self._app.start()
        self._started = True

    async def stop(self) -> None:
        """Finish the batch in work, take no other, commit and leave the group."""
        self.draining = True
        for reader in self._readers.values():
            reader.close()
        last_resort = threading.Timer(LAST_RESORT_SECONDS, os._exit, (1,))
        last_resort.daemon = True
        last_resort.start()
        for finish in (self._working.acquire, self._app.stop):
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await finish()
            except TimeoutError:
                log.warning("stopping_slowly", step=finish.__qualname__, detail="what is not committed comes again")

    def fail(self, error: BaseException) -> None:
        """End all work; the first error is the one that is told."""
        self.draining = True
        self.failure = self.failure or error
        self._on_failure()

    @property
    def crash(self) -> BaseException | None:
        """What made Faust give up, if it did."""
        reason: BaseException | None = self._app.crash_reason
        return reason

    async def lags(self, readers: Sequence[PartitionReader]) -> Mapping[PartitionReader, int]:
        """Records that each has not yet processed, as the broker tells now: what was fetched last says nothing of a
        consumer that has stopped fetching, nor of a log that was replaced.

        Raises:
            PositionBeyondLogError: of a replaced one. All that it gets up to the old position would be passed over.
            KafkaError, TimeoutError: the broker is away.
        """
        positions = {reader: reader.next_offset or 0 for reader in readers}
        async with asyncio.timeout(END_SECONDS):
            ends = await self._app.consumer.highwaters(*(self._physical(reader.partition) for reader in readers))
        lags: dict[PartitionReader, int] = {}
        for reader, position in positions.items():
            end = int(ends[self._physical(reader.partition)])
            require_known(self._group, reader.partition, position, end)
            lags[reader] = 0 if self._empty.get(reader) == (position, end) else end - position
        return lags

    async def holds_nothing(self, reader: PartitionReader, lag: int) -> bool:
        """Whether there is nothing but the ends of transactions in the `lag` offsets that `reader` is behind."""
        position = reader.next_offset or 0
        if await readable(self._connection, reader.partition, position, position + lag, limit=1):
            return False
        self._empty[reader] = position, position + lag
        return True

    async def _logs(self) -> Mapping[str, LogId | None]:
        consumer: Any = self._app.consumer
        found: Mapping[str, LogId | None] = await consumer.topic_ids(self._connection, [self._topic])
        return found

    def _physical(self, partition: Partition) -> TP:
        return TP(self._connection.physical(partition.topic), partition.number)

    def reader(self, number: int) -> PartitionReader:
        if number not in self._readers:
            self._readers[number] = self._new_reader(Partition(self._topic, number))
        return self._readers[number]

    def drop_revoked(self) -> None:
        """Forget the state of partitions that went to other members."""
        for number in self._readers.keys() - self._assignment():
            gone = self._readers.pop(number)
            gone.close()
            self._empty.pop(gone, None)

    def _assignment(self) -> set[int]:
        try:
            return {each.partition for each in self._app.consumer.assignment()}
        except ConsumerNotStarted:
            return set()

    async def _take(self, stream: Any) -> None:
        async for events in stream.take_events(MAX_RECORDS, within=WITHIN_SECONDS):
            messages = [event.message for event in events]
            withhold(messages)
            reached(Step.POLLED)
            async with self._working:
                await self._process(by_partition(messages))
            if self.draining:
                await asyncio.Event().wait()  # until Faust cancels us: it must not get these messages back

    async def _process(self, messages: Mapping[int, Sequence[Any]]) -> None:
        if self.draining:
            return
        done = await asyncio.gather(*(self._apply(*each) for each in messages.items()), return_exceptions=True)
        for error in done:
            if isinstance(error, BaseException):
                self.fail(error)

    async def _apply(self, number: int, messages: Sequence[Any]) -> None:
        reader = self.reader(number)
        await reader.process([to_record(message, self._topic) for message in messages])
        if reader.stopped:
            self._app.consumer.pause_partitions([self._physical(reader.partition)])
        else:
            release(messages)

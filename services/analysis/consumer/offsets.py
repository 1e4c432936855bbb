"""Before the group is joined: its committed offsets are set to the positions, which alone say what has been done.

Offsets are behind after a crash. They are ahead when a database was restored or emptied, or when Faust has acknowledged
what it dropped; the records in between would never be delivered.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, UnknownTopicOrPartitionError

from autodev.stream.kafka.connection import ISOLATION, KafkaConnection
from autodev.stream.kafka.log import partitions_of
from autodev.stream.kafka.topic_ids import topic_ids
from autodev.stream.logs import KnownLogs, require_known, require_same
from autodev.stream.ports import FencedError, Partition
from autodev.stream.postgres.ledger import PostgresLedger

log = structlog.get_logger(__name__)


class LostRecordsError(RuntimeError):
    """Kafka's retention has deleted records that were never processed."""


@dataclass(frozen=True)
class OffsetAlignment:
    """Aligns one group on one logical topic; `skip_lost` moves positions past records that no longer exist."""

    connection: KafkaConnection
    ledger: PostgresLedger
    group: str
    topic: str
    known: KnownLogs
    skip_lost: bool

    async def align(self) -> None:
        """Give every partition a position, and the group that offset, where no other member is active.

        Raises:
            LostRecordsError: records from a position on are gone, and `skip_lost` is off.
            OtherLogError: a log is another one than that of its position.
            KafkaError: the broker is away.
        """
        async with self._consumer() as consumer:
            partitions = await partitions_of(self.connection, [self.topic])
            consumer.assign(partitions)
            await self._require_same(consumer, partitions)
            beginnings = {tp.partition: first for tp, first in (await consumer.beginning_offsets(partitions)).items()}
            positions = {number: await self._position(number, first) for number, first in beginnings.items()}
            for tp, end in (await consumer.end_offsets(partitions)).items():
                partition = Partition(self.topic, tp.partition)
                require_known(self.group, partition, positions[tp.partition], end)
            differing = {
                tp: positions[tp.partition]
                for tp in partitions
                if await consumer.committed(tp) != positions[tp.partition]
            }
            await self._commit(consumer, differing)

    async def _require_same(self, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        async with self.ledger.begin() as transaction:
            progress = [
                await transaction.progress(self.group, Partition(self.topic, each.partition)) for each in partitions
            ]
        found = (await topic_ids(consumer, self.connection, [self.topic]))[self.topic]
        if found is None:
            raise UnknownTopicOrPartitionError(
                f"no topic {self.connection.physical(self.topic)}: run 'autodev topics apply'"
            )
        for each in progress:
            require_same(self.group, self.topic, each.log, found)
        self.known.meet(self.group, self.topic, found)

    async def _position(self, number: int, beginning: int) -> int:
        """The position of a partition whose log begins at `beginning`, set there if it has none."""
        partition = Partition(self.topic, number)
        async with self.ledger.begin() as transaction:
            position = await transaction.position(self.group, partition)
            if position is not None and position >= beginning:
                return position
            if position is not None:
                self._lost(partition, position, beginning)
            try:
                known = self.known.of(self.topic)
                await transaction.advance(self.group, partition, expected=position, following=beginning, log=known)
            except FencedError:
                log.info("position_moved", partition=str(partition), detail="another process is at work on it")
        return beginning

    def _lost(self, partition: Partition, position: int, beginning: int) -> None:
        lost = f"{beginning - position} records of {partition} from offset {position} on were deleted unread"
        if not self.skip_lost:
            raise LostRecordsError(f"{lost}: set AUTODEV_ANALYSIS__SKIP_LOST_RECORDS=true to go on without them")
        log.error("records_lost", detail=lost)

    async def _commit(self, consumer: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]) -> None:
        if not offsets:
            return
        try:
            await consumer.commit(offsets)
        except CommitFailedError:
            log.info("group_is_active", detail="other members decide where it reads on")

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.connection.bootstrap_servers,
            client_id=self.connection.client_id,
            group_id=self.connection.physical(self.group),
            enable_auto_commit=False,
            isolation_level=ISOLATION,
        )
        try:
            await consumer.start()
            yield consumer
        finally:
            await consumer.stop()

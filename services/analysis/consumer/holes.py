"""Offsets that no record will ever come from: marks that end transactions, and what was aborted."""

from __future__ import annotations

import asyncio
from typing import Final

from aiokafka import TopicPartition

from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.fetching import fetch
from autodev.stream.kafka.log import FETCH_WAIT_SHORT_MS, reader
from autodev.stream.ports import Partition

POLL_SECONDS: Final = 0.5
READ_SECONDS: Final = 30.0


async def readable(
    connection: KafkaConnection, partition: Partition, first: int, end: int, *, limit: int | None = None
) -> list[int]:
    """The offsets from `first` up to `end` that hold records, at least the first `limit` of them.

    Raises:
        KafkaError, TimeoutError: the broker is away.
    """
    where = TopicPartition(connection.physical(partition.topic), partition.number)
    found: list[int] = []
    async with asyncio.timeout(READ_SECONDS), reader(connection, fetch_wait_ms=FETCH_WAIT_SHORT_MS) as consumer:
        consumer.assign([where])
        consumer.seek(where, first)
        while await consumer.position(where) < end and (limit is None or len(found) < limit):
            records = await fetch(consumer, where, connection.prefix, max_records=limit or 500, seconds=POLL_SECONDS)
            found += [record.offset for record in records if record.offset < end]
    return found

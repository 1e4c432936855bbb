"""When a run has come to its end: nothing is read that is not handled, nothing is handled that is not published."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from autodev.events.catalogue import SUBSCRIPTIONS
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import partitions_of
from autodev.stream.postgres.published import waiting
from tests.e2e.installation import Installation

PATIENCE_SECONDS = 900.0
LOOK_SECONDS = 0.7

Ends = Mapping[tuple[str, int], int]
"""The end of each partition's log, by topic as we call it."""


class NeverQuietError(RuntimeError):
    """The system did not come to rest."""


async def until_quiet(installation: Installation) -> Ends:
    """The ends of all logs, once no reader is behind them and no outbox holds anything.

    Two looks in a row have to find the same: between reading a log's end and a position, work may move from one
    service to the next.

    Raises:
        NeverQuietError: naming what is still under way.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    before: Ends | None = None
    pending = "nothing could be asked"
    while time.monotonic() < deadline:
        try:
            ends = await log_ends(installation.connection)
            pending = await _pending(installation.database_url, ends)
        except (OSError, KafkaError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            before, pending = None, f"{type(error).__name__}: {error}"
        else:
            if not pending and ends == before:
                return ends
            before = None if pending else ends
        await asyncio.sleep(LOOK_SECONDS)
    raise NeverQuietError(f"after {PATIENCE_SECONDS:.0f} s: {pending}")


async def log_ends(connection: KafkaConnection) -> Ends:
    topics = sorted({topic.name for topics in SUBSCRIPTIONS.values() for topic in topics})
    consumer = AIOKafkaConsumer(bootstrap_servers=connection.bootstrap_servers, enable_auto_commit=False)
    try:
        await consumer.start()
        partitions: list[TopicPartition] = await partitions_of(connection, topics)
        ends = await consumer.end_offsets(partitions)
    finally:
        await consumer.stop()
    return {(connection.logical(at.topic), at.partition): end for at, end in ends.items()}


async def _pending(database_url: str, ends: Ends) -> str:
    """What is still under way, in words; empty if nothing is."""
    database = await asyncpg.connect(database_url, timeout=10)
    try:
        for group, topics in SUBSCRIPTIONS.items():
            rows = await database.fetch(f"SELECT topic, partition, next_offset FROM {group}.position")
            positions = {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
            names = {topic.name for topic in topics}
            for at, end in ends.items():
                if at[0] in names and positions.get(at, 0) < end:
                    return f"{group} is at {positions.get(at, 0)} of {end} on {at[0]}[{at[1]}]"
            pending = await database.fetchval(f"SELECT count(*) FROM {waiting(group)}")
            if pending:
                return f"{pending} rows wait in the outbox of {group}"
    finally:
        await database.close(timeout=5)
    return ""

"""What one event costs, stage by stage: ingestion's own parts in this process, one partition, one step at a time.

In the service partitions overlap and the relay runs beside them: the sum is what an event costs, not what it waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.events.binary import from_record
from autodev.events.catalogue import SKILL_EXECUTED
from autodev.events.record import Record
from autodev.service.collection import spare_collector
from autodev.service.database import create_engine
from autodev.service.settings import DatabaseSettings
from autodev.stream.batch import BatchProcessor
from autodev.stream.group import MAX_RECORDS
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.kafka.subscription import KafkaSubscription
from autodev.stream.ports import Partition
from autodev.stream.postgres.handover import Handover
from autodev.stream.postgres.ledger import PostgresLedger
from autodev.stream.postgres.published import waiting
from autodev.stream.postgres.relay import Relay
from autodev.telemetry.setup import set_up_telemetry
from benchmarks.ingest.stopwatch import Stopwatch, TimedLedger, TimedPublisher, statements_timed, timed
from benchmarks.ingest.workload import reports
from benchmarks.servers import Servers
from benchmarks.topics import fill
from services.ingestion.handlers import check, handle

GROUP: Final = "ingestion"
PARTITION: Final = Partition(SKILL_EXECUTED.name, 0)
ROOM: Final = 4_096
"""Bytes in the handover for an event: in the service its relay keeps up, here it comes after all the rest."""
PARSING: Final = "parse and validate"
REST: Final = "envelopes, metrics, deduplication"


async def stage_seconds(servers: Servers, name: str, count: int) -> Mapping[str, float]:
    """Seconds per event of each stage, over `count` events."""
    set_up_telemetry(GROUP)  # as a service process does: metrics cost something too
    spare_collector()
    installed = await servers.install(name)
    connection = KafkaConnection(installed.bootstrap, "bench", installed.prefix)
    await fill(connection, (replace(record, partition=PARTITION.number) for record in reports(count)))
    database = DatabaseSettings(url=SecretStr(installed.database_url))
    engine = create_engine(database, GROUP)
    publisher = KafkaPublisher(connection)
    handover = Handover(capacity=count * ROOM)
    handover.open()
    watch = Stopwatch()
    try:
        with statements_timed(engine, watch):
            await _process(connection, PostgresLedger(engine, GROUP, handover), watch, count)
        await _relay(Relay(database.plain_url(), GROUP, TimedPublisher(publisher, watch), handover), engine, watch)
    finally:
        await publisher.stop()
        await engine.dispose()
    return {stage: seconds / count for stage, seconds in watch.seconds.items()}


async def _process(connection: KafkaConnection, ledger: PostgresLedger, watch: Stopwatch, count: int) -> None:
    processor = BatchProcessor(GROUP, f"/services/{GROUP}", TimedLedger(ledger, watch), timed(handle, watch), check)
    subscription = KafkaSubscription(connection, GROUP, [PARTITION.topic])
    assigned = asyncio.Event()

    async def on_assigned(_partitions: Collection[Partition]) -> None:
        assigned.set()

    async def on_revoked(_partitions: Collection[Partition]) -> None:
        pass

    await subscription.start(assigned=on_assigned, revoked=on_revoked)
    try:
        await assigned.wait()
        done = 0
        while done < count:
            with watch.measure("poll"):
                records = await subscription.poll(PARTITION, max_records=MAX_RECORDS, seconds=10.0)
            if records:
                with watch.measure(REST):
                    done = await processor.process(PARTITION, records)
                _parse_again(records, watch)
    finally:
        await subscription.stop()


def _parse_again(records: Sequence[Record], watch: Stopwatch) -> None:
    """Clock what the processor has just done within `REST`, where it can't be clocked by itself."""
    before = watch.seconds[PARSING]
    with watch.measure(PARSING):
        for record in records:
            check(from_record(record))
    watch.seconds[REST] -= watch.seconds[PARSING] - before


async def _relay(relay: Relay, engine: AsyncEngine, watch: Stopwatch) -> None:
    """Publish all that is in the outbox; whatever is not publishing counts as fetching and marking."""
    running = asyncio.create_task(relay.run())
    try:
        with watch.measure("relay: fetch and mark"):
            while await _pending(engine):  # noqa: ASYNC110 - the database sets no event
                await asyncio.sleep(0.05)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _pending(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        query = text(f"SELECT EXISTS (SELECT FROM {waiting(GROUP, 1)})")  # noqa: S608 - a constant
        return bool(await connection.scalar(query))

"""Wiring of the analysis service. Its group member is Faust's; all else is as in the other services."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from autodev.events.catalogue import FAILURE_BATCHED
from autodev.service.database import create_engine
from autodev.service.probes import HttpServer, probe_routes
from autodev.service.process import wait_until_usable
from autodev.service.readiness import Readiness
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.postgres.ledger import PostgresLedger
from autodev.stream.postgres.relay import Relay
from autodev.telemetry.setup import flush_telemetry, set_up_telemetry
from services.analysis.consumer.member import FaustMember
from services.analysis.consumer.offsets import OffsetAlignment
from services.analysis.consumer.partition import PartitionReader
from services.analysis.consumer.patrol import Patrol
from services.analysis.settings import AnalysisSettings

NAME = "analysis"
TOPIC = FAILURE_BATCHED.name
LAST_RESORT_SECONDS = 10.0
"""From a failure to the end of the process, should Faust's own shutdown hang."""

log = structlog.get_logger(__name__)


def main() -> None:
    """Run until told to stop; exit code 1 if something failed that only a restart helps."""
    set_up_telemetry(NAME)
    for chatty in ("faust", "mode"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        asyncio.run(_run(AnalysisSettings()))
    finally:
        flush_telemetry()


async def _run(settings: AnalysisSettings) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    readiness = Readiness()
    engine = create_engine(settings.database, NAME)
    publisher = KafkaPublisher(settings.kafka.connection(NAME))
    server = HttpServer(Starlette(routes=probe_routes(readiness)), settings.http)
    await server.start()
    log.info("started", host=settings.http.host, port=settings.http.port)
    try:
        if await wait_until_usable(NAME, settings, engine, readiness, stopping):
            await _work(settings, engine, readiness, publisher, stopping)
    finally:
        await server.stop()
        await publisher.stop()
        await engine.dispose()
        log.info("stopped")


async def _work(
    settings: AnalysisSettings,
    engine: AsyncEngine,
    readiness: Readiness,
    publisher: KafkaPublisher,
    stopping: asyncio.Event,
) -> None:
    connection = settings.kafka.connection(NAME)
    ledger = PostgresLedger(engine, NAME)
    windowing = settings.analysis.windowing()
    await OffsetAlignment(connection, ledger, NAME, TOPIC, settings.analysis.skip_lost_records).align()
    member = FaustMember(
        connection,
        NAME,
        TOPIC,
        reader=lambda partition: PartitionReader(partition, NAME, ledger, windowing),
        on_failure=stopping.set,
    )
    relay = Relay(settings.database.plain_url(), NAME, publisher)
    readiness.require("consumer", lambda: member.trouble)
    readiness.require("outbox", lambda: relay.trouble)
    await member.start()
    background = [
        asyncio.create_task(relay.run(), name="outbox-relay"),
        asyncio.create_task(Patrol(member, publisher, NAME).run(), name="patrol"),
    ]
    await stopping.wait()
    readiness.wait_for("shutdown", "stopping")
    await _end(member, background)


async def _end(member: FaustMember, background: list[asyncio.Task[None]]) -> None:
    if member.failure is not None:
        log.error("failed", reason=f"{type(member.failure).__name__}: {member.failure}", exc_info=member.failure)
    last_resort = threading.Timer(LAST_RESORT_SECONDS, os._exit, (1,))
    last_resort.daemon = True
    last_resort.start()
    await member.stop()
    for task in background:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    if member.failure is not None:
        raise SystemExit(1)

"""What a service needs before it can work: the database, its migrations, and the topics."""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.events.catalogue import TOPICS
from autodev.service.migrations import revision
from autodev.service.readiness import Readiness
from autodev.service.settings import ServiceSettings
from autodev.stream.kafka.topics import TopicState, check_topics

log = structlog.get_logger(__name__)

WAIT_SECONDS = 0.5
"""Between two looks at a dependency that is not there yet."""


async def wait_until_usable(
    service: str, settings: ServiceSettings, engine: AsyncEngine, readiness: Readiness, stopping: asyncio.Event
) -> bool:
    """Wait for the database, its migrations and the topics, saying so in `readiness`; False if told to stop."""
    while not stopping.is_set():
        database = await _database_trouble(service, engine)
        kafka = await _kafka_trouble(service, settings)
        readiness.wait_for("database", database)
        readiness.wait_for("kafka", kafka)
        if database is None and kafka is None:
            return True
        log.info("waiting", database=database or "ok", kafka=kafka or "ok")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT_SECONDS):
                await stopping.wait()
    return False


async def _database_trouble(service: str, engine: AsyncEngine) -> str | None:
    try:
        found = await revision.current(engine, service)
    except Exception as error:  # noqa: BLE001 - whatever the driver says goes to the operator
        return f"database not reachable ({type(error).__name__}): check AUTODEV_DATABASE__URL"
    newest = revision.newest(service)
    if (found or "") < newest:  # a newer one is fine: migrations only add, so that the code before them still runs
        return f"schema {service!r} is at revision {found or 'none'}, the code needs {newest}: run 'autodev db upgrade'"
    return None


async def _kafka_trouble(service: str, settings: ServiceSettings) -> str | None:
    try:
        reports = await check_topics(settings.kafka.connection(service), TOPICS)
    except Exception as error:  # noqa: BLE001
        servers = settings.kafka.bootstrap_servers
        return f"Kafka at {servers} not reachable ({type(error).__name__}): check AUTODEV_KAFKA__BOOTSTRAP_SERVERS"
    missing = [report.topic.name for report in reports if report.state is TopicState.MISSING]
    return f"topics missing: {', '.join(missing)}: run 'autodev topics apply'" if missing else None

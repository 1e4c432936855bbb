"""The life of a service process: probes at once, work when its dependencies are there, a drain at the end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.applications import Starlette

from autodev.events.catalogue import SUBSCRIPTIONS, TOPICS
from autodev.events.envelope import Event
from autodev.service.database import create_engine
from autodev.service.migrations import revision
from autodev.service.probes import HttpServer, probe_routes
from autodev.service.readiness import Readiness
from autodev.service.settings import ServiceSettings
from autodev.stream.batch import BatchProcessor, accept
from autodev.stream.group import MAX_RECORDS, GroupMember
from autodev.stream.handler import BatchHandler
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.kafka.subscription import KafkaSubscription
from autodev.stream.kafka.topics import TopicState, check_topics
from autodev.stream.postgres.ledger import PostgresLedger
from autodev.stream.postgres.relay import Relay
from autodev.telemetry.setup import flush_telemetry, set_up_telemetry

log = structlog.get_logger(__name__)

WAIT_SECONDS = 0.5
"""Between two looks at a dependency that is not there yet."""


@dataclass(frozen=True)
class Context:
    """What a service's wiring gets to build its handler and its routes from."""

    engine: AsyncEngine
    readiness: Readiness
    publisher: KafkaPublisher
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the service until it ends or the service stops."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


@dataclass(frozen=True)
class Service:
    """One service: its name (also group, schema and client id), and how its own parts are built."""

    name: str
    handler: Callable[[Context], BatchHandler[AsyncConnection]]
    routes: Callable[[Context], Sequence[Any]] = lambda _context: ()
    check: Callable[[Event[Any]], None] = accept
    max_records: int = MAX_RECORDS
    """Records in one transaction; small where handling one takes seconds."""
    idle_in_transaction: str = "60s"


def run_service(service: Service, settings: ServiceSettings) -> None:
    """Run until SIGTERM or SIGINT, then drain and return."""
    set_up_telemetry(service.name)
    try:
        asyncio.run(_run(service, settings))
    finally:
        flush_telemetry()


async def _run(service: Service, settings: ServiceSettings) -> None:
    stopping = _stop_signal()
    readiness = Readiness()
    engine = create_engine(settings.database, service.name, idle_in_transaction=service.idle_in_transaction)
    publisher = KafkaPublisher(settings.kafka.connection(service.name))
    context = Context(engine, readiness, publisher)
    server = HttpServer(Starlette(routes=[*probe_routes(readiness), *service.routes(context)]), settings.http)
    await server.start()
    log.info("started", host=settings.http.host, port=settings.http.port)
    work = asyncio.create_task(_work(service, settings, context, stopping))
    try:
        await work
    finally:
        for task in context.tasks:
            task.cancel()
        await asyncio.gather(*context.tasks, return_exceptions=True)
        await server.stop()
        await publisher.stop()
        await engine.dispose()
        log.info("stopped")


async def _work(service: Service, settings: ServiceSettings, context: Context, stopping: asyncio.Event) -> None:
    if not await wait_until_usable(service.name, settings, context.engine, context.readiness, stopping):
        return
    relay = Relay(settings.database.plain_url(), service.name, context.publisher)
    member = await _join(service, settings, context, stopping)
    context.readiness.require("consumer", lambda: member.trouble if member else "not started")
    context.readiness.require("outbox", lambda: relay.trouble)
    relaying = asyncio.create_task(relay.run(), name="outbox-relay")
    await stopping.wait()
    context.readiness.wait_for("shutdown", "stopping")
    if member is not None:
        await member.stop()
    relaying.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await relaying


async def _join(
    service: Service, settings: ServiceSettings, context: Context, stopping: asyncio.Event
) -> GroupMember | None:
    processor = BatchProcessor(
        group=service.name,
        source=f"/services/{service.name}",
        ledger=PostgresLedger(context.engine, service.name),
        handler=service.handler(context),
        check=service.check,
    )
    topics = [topic.name for topic in SUBSCRIPTIONS[service.name]]
    while not stopping.is_set():
        subscription = KafkaSubscription(settings.kafka.connection(service.name), service.name, topics)
        member = GroupMember(subscription, processor, service.max_records)
        try:
            await member.start()
        except Exception as error:  # noqa: BLE001 - the broker went away again: try until told to stop
            context.readiness.wait_for("consumer", f"{type(error).__name__}: {error}")
            await asyncio.sleep(WAIT_SECONDS)
        else:
            return member
    return None


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
    if found != newest:
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


def _stop_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping

"""The life of a service process: probes at once, work when its dependencies are there, a drain at the end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.applications import Starlette

from autodev.service.collection import collect_regularly, spare_collector
from autodev.service.context import Context
from autodev.service.database import create_engine
from autodev.service.dependencies import WAIT_SECONDS, wait_until_usable
from autodev.service.member import Join, Member
from autodev.service.probes import HttpServer, probe_routes
from autodev.service.problems import answer_with_problems
from autodev.service.readiness import Readiness
from autodev.service.settings import ServiceSettings
from autodev.stream.failures import FailureClass, classify
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.postgres.relay import Relay
from autodev.stream.postgres.retention import Expiry, Sweeper
from autodev.telemetry.setup import flush_telemetry, set_up_telemetry

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Service:
    """One service: its name (also group, schema and client id), and how its own parts are built."""

    name: str
    join: Join
    """Builds the group member and joins; called again while the broker or the database is away."""
    routes: Callable[[Context], Sequence[Any]] = lambda _context: ()
    background: Callable[[Context], Sequence[Coroutine[Any, Any, None]]] = lambda _context: ()
    """Work beside the events, begun once the dependencies are there."""
    idle_in_transaction: str = "60s"
    expiries: Sequence[Expiry] = ()
    """What its own tables do not keep for ever."""


def run_service(service: Service, settings: ServiceSettings) -> None:
    """Run until SIGTERM or SIGINT, then drain and return.

    Raises:
        SystemExit: with 1, if something failed that only a restart helps.
    """
    set_up_telemetry(service.name)
    spare_collector()
    try:
        asyncio.run(_run(service, settings))
    finally:
        flush_telemetry()


async def _run(service: Service, settings: ServiceSettings) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    context = Context(
        name=service.name,
        settings=settings,
        engine=create_engine(settings.database, service.name, idle_in_transaction=service.idle_in_transaction),
        readiness=Readiness(),
        publisher=KafkaPublisher(settings.kafka.connection(service.name)),
        stop=stopping.set,
    )
    site = Starlette(routes=[*probe_routes(context.readiness), *service.routes(context)])
    answer_with_problems(site)
    server = HttpServer(site, settings.http)
    await server.start()
    context.background(collect_regularly())
    log.info("started", host=settings.http.host, port=settings.http.port)
    try:
        await _work(service, context, stopping)
    finally:
        await context.end_background()
        await server.stop()
        await context.publisher.stop()
        await context.engine.dispose()
        log.info("stopped")
    if context.failures:
        raise SystemExit(1)


async def _work(service: Service, context: Context, stopping: asyncio.Event) -> None:
    if not await wait_until_usable(service.name, context.settings, context.engine, context.readiness, stopping):
        return
    for work in service.background(context):
        context.background(work)
    context.background(Sweeper(context.engine, service.name, service.expiries).run())
    member = await _join(service, context, stopping)
    if member is None:
        return
    relay = Relay(context.settings.database.plain_url(), service.name, context.publisher, context.handover)
    context.readiness.require("consumer", lambda: member.trouble)
    context.readiness.require("outbox", lambda: relay.trouble)
    relaying = asyncio.create_task(relay.run(), name="outbox-relay")
    await stopping.wait()
    context.readiness.wait_for("shutdown", "stopping")
    if member.failure is not None:
        log.error("failed", reason=f"{type(member.failure).__name__}: {member.failure}", exc_info=member.failure)
    await member.stop()
    relaying.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await relaying
    if member.failure is not None:
        raise SystemExit(1)


async def _join(service: Service, context: Context, stopping: asyncio.Event) -> Member | None:
    while not stopping.is_set():
        try:
            return await service.join(context)
        except Exception as error:
            if classify(error) is not FailureClass.INFRASTRUCTURE:
                raise
            context.readiness.wait_for("consumer", f"{type(error).__name__}: {error}")
            await asyncio.sleep(WAIT_SECONDS)
    return None

"""Wiring of the sandbox service."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.search import CandidatesProposed
from autodev.sandbox import BubblewrapEngine, IsolationUnavailable
from autodev.sandbox.canary import prove
from autodev.service.process import Context, Service, run_service
from autodev.stream.handler import BatchHandler, by_type
from services.sandbox.handlers import Isolation
from services.sandbox.settings import SandboxSettings

log = structlog.get_logger(__name__)
PROVE_AGAIN_SECONDS = 30.0


async def prove_isolation(isolation: Isolation) -> None:
    """Run the canary until every promised control holds; the service is not ready before that."""
    while isolation.trouble is not None:
        try:
            report = await prove(isolation.engine)
        except IsolationUnavailable as error:
            isolation.trouble = str(error)
            log.warning("isolation_unavailable", reason=isolation.trouble)
            await asyncio.sleep(PROVE_AGAIN_SECONDS)
        else:
            isolation.trouble = None
            log.info("isolation_proved", engine=report.engine)


def build(settings: SandboxSettings) -> Service:
    isolation = Isolation(BubblewrapEngine(), settings.isolation.policy, settings.isolation.concurrency)

    def handler(context: Context) -> BatchHandler[AsyncConnection]:
        context.readiness.require("isolation", lambda: isolation.trouble)
        context.background(prove_isolation(isolation))
        return by_type({CandidatesProposed: isolation.run})

    # One generation takes seconds, so each is a transaction of its own.
    return Service(name="sandbox", handler=handler, max_records=1, idle_in_transaction="300s")


def main() -> None:
    settings = SandboxSettings()
    run_service(build(settings), settings)

"""Wiring of the sandbox service."""

from __future__ import annotations

import asyncio

import structlog

from autodev.events.models.search import CandidatesProposed
from autodev.sandbox import BubblewrapEngine, IsolationUnavailable
from autodev.sandbox.canary import prove
from autodev.service.context import Context
from autodev.service.member import reads
from autodev.service.process import Service, run_service
from autodev.stream.handler import by_type
from services.sandbox.handlers import Isolation
from services.sandbox.settings import SandboxSettings

log = structlog.get_logger(__name__)
PROVE_AGAIN_SECONDS = 30.0


async def prove_isolation(isolation: Isolation, context: Context) -> None:
    """Run the canary until every promised control holds; the service is not ready before that."""
    context.readiness.require("isolation", lambda: isolation.trouble)
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
    handle = by_type({CandidatesProposed: isolation.run})
    return Service(
        name="sandbox",
        join=reads(lambda _context: handle, max_records=1),  # one generation takes a second
        background=lambda context: [prove_isolation(isolation, context)],
        idle_in_transaction="300s",
    )


def main() -> None:
    settings = SandboxSettings()
    run_service(build(settings), settings)

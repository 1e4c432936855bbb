"""Wiring of the proposals service."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.service.process import Context, Service, run_service
from autodev.service.settings import ServiceSettings
from autodev.stream.handler import BatchHandler
from autodev.stream.postgres.ledger import PostgresLedger
from services.proposals.engines.memento import MementoEngine
from services.proposals.handlers import Handlers
from services.proposals.patrol import Patrol

NAME = "proposals"


def _handler(context: Context) -> BatchHandler[AsyncConnection]:
    engines = [MementoEngine()]
    context.background(Patrol(PostgresLedger(context.engine, NAME), engines).run())
    return Handlers(engines).handle


SERVICE = Service(name=NAME, handler=_handler, max_records=100)


def main() -> None:
    run_service(SERVICE, ServiceSettings())

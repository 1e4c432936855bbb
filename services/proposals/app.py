"""Wiring of the proposals service."""

from __future__ import annotations

from autodev.service.member import reads
from autodev.service.process import Service, run_service
from autodev.service.settings import ServiceSettings
from services.proposals.engines.memento import MementoEngine
from services.proposals.engines.mutation import MutationEngine
from services.proposals.handlers import Handlers, check
from services.proposals.patrol import Patrol

ENGINES = (MementoEngine(), MutationEngine())
SERVICE = Service(
    name="proposals",
    join=reads(lambda _context: Handlers(ENGINES).handle, check=check, max_records=100),
    background=lambda context: [Patrol(context.ledger, ENGINES).run()],
)


def main() -> None:
    run_service(SERVICE, ServiceSettings())

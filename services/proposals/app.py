"""Wiring of the proposals service."""

from __future__ import annotations

from autodev.service.process import Service, run_service
from autodev.service.settings import ServiceSettings
from services.proposals.engines.memento import MementoEngine
from services.proposals.handlers import Handlers

SERVICE = Service(
    name="proposals",
    handler=lambda _context: Handlers(engines=[MementoEngine()]).handle,
    max_records=100,
)


def main() -> None:
    run_service(SERVICE, ServiceSettings())

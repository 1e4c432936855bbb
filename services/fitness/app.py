"""Wiring of the fitness service."""

from __future__ import annotations

from autodev.service.member import reads
from autodev.service.process import Service, run_service
from autodev.service.settings import ServiceSettings
from services.fitness.handlers import handle

# One decision a transaction: locks on agents and skills are then always taken in one order.
SERVICE = Service(name="fitness", join=reads(lambda _context: handle, max_records=1))


def main() -> None:
    run_service(SERVICE, ServiceSettings())

"""Wiring of the ingestion service."""

from __future__ import annotations

from starlette.routing import Mount

from autodev.service.member import reads
from autodev.service.process import Service, run_service
from autodev.service.settings import ServiceSettings
from services.ingestion.handlers import check, handle
from services.ingestion.http import ingestion_api

SERVICE = Service(
    name="ingestion",
    join=reads(lambda _context: handle, check=check),
    routes=lambda context: [Mount("/", app=ingestion_api(context.publisher))],
)


def main() -> None:
    run_service(SERVICE, ServiceSettings())

"""Wiring of the ingestion service."""

from __future__ import annotations

from starlette.routing import Mount

from autodev.service.member import reads
from autodev.service.process import Service, run_service
from autodev.service.settings import ServiceSettings
from autodev.stream.postgres.retention import Expiry, inbox_kept
from services.ingestion.claims import claims
from services.ingestion.handlers import check, handle
from services.ingestion.http import ingestion_api

SERVICE = Service(
    name="ingestion",
    join=reads(lambda _context: handle, check=check),
    routes=lambda context: [Mount("/", app=ingestion_api(context.publisher, claims(context.engine)))],
    # As long as a report can come again: no rebuild from the topics would have older ones.
    expiries=(
        Expiry("episode", "occurred_at", inbox_kept("ingestion")),
        Expiry("claim", "claimed_at", inbox_kept("ingestion")),
    ),
)


def main() -> None:
    run_service(SERVICE, ServiceSettings())

"""Wiring of the console service."""

from __future__ import annotations

from starlette.routing import Mount

from autodev.service.member import reads
from autodev.service.process import Service, run_service
from services.console.api.application import create_api
from services.console.handlers import project
from services.console.settings import ConsoleSettings


def main() -> None:
    """Run the console until SIGTERM."""
    settings = ConsoleSettings()
    run_service(
        Service(
            "console",
            join=reads(lambda _context: project, max_records=100),
            routes=lambda context: [Mount("/", create_api(context.engine, settings.services))],
        ),
        settings,
    )

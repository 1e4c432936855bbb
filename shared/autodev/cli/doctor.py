"""`autodev doctor`: what is reachable, what is missing, and what to do next."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from autodev.cli.configuration import server_settings
from autodev.cli.exits import ExitCode
from autodev.cli.output import Format, Output, print_rows, say
from autodev.cli.run import service_names

if TYPE_CHECKING:
    from autodev.cli.checks.finding import Finding


def doctor(output: Output = Format.TABLE) -> None:
    """Look at this machine, the servers and the services; exit 1 if something is broken."""
    from autodev.cli.checks.finding import Health

    findings = asyncio.run(_examine())
    rows = [asdict(finding) for finding in findings]
    print_rows(output, rows, ("part", "health", "detail", "next_step"), empty="nothing to check")
    broken = [finding for finding in findings if finding.health is Health.BROKEN]
    if output is Format.TABLE:
        step = next((finding.next_step for finding in broken if finding.next_step), "")
        say(f"{len(broken)} broken; first: {step}" if broken else "nothing is broken")
    if broken:
        raise typer.Exit(ExitCode.FAILED)


async def _examine() -> list[Finding]:
    from autodev.cli.checks.machine import check_isolation, check_python
    from autodev.cli.checks.servers import check_database, check_kafka
    from autodev.cli.checks.services import check_services, service_urls

    settings = server_settings()
    names = service_names()
    isolation, kafka, database, services = await asyncio.gather(
        check_isolation(),
        check_kafka(settings.kafka),
        check_database(settings.database, names),
        check_services(names, service_urls(os.environ)),
    )
    return [check_python(), isolation, *kafka, *database, *services]

"""`autodev run`: one service in this process, until it is told to stop."""

from __future__ import annotations

import importlib
import signal
import sys
from typing import Annotated

import typer

from autodev.cli.configuration import configured
from autodev.cli.exits import CommandError, ExitCode


def run(
    service: Annotated[str, typer.Argument(help="ingestion, analysis, proposals, sandbox, fitness or console")],
) -> None:
    """Run one service until SIGTERM or Ctrl-C; then it drains and ends."""
    require_service(service)
    # Until the service listens for it, which takes seconds of imports; there is nothing to drain yet.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(ExitCode.OK))
    try:
        app = importlib.import_module(f"services.{service}.app")
    except ModuleNotFoundError as error:
        raise CommandError(
            ExitCode.FAILED,
            f"service {service!r} can't be imported: {error.name} is missing",
            f"run from a checkout or an image, with 'autodev-streams[{service}]' installed",
        ) from None
    try:
        configured(app.main)
    except OSError as error:
        raise CommandError(
            ExitCode.FAILED, f"{service} could not start: {error}", "choose another port with AUTODEV_HTTP__PORT"
        ) from None


def service_names() -> tuple[str, ...]:
    """All services of the catalogue, in the order in which an event passes them."""
    from autodev.events.catalogue import SUBSCRIPTIONS

    return tuple(SUBSCRIPTIONS)


def require_service(name: str) -> None:
    if name not in service_names():
        raise CommandError(
            ExitCode.USAGE, f"there is no service {name!r}", f"choose one of: {', '.join(service_names())}"
        )

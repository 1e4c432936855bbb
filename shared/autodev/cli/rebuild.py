"""`autodev db rebuild`: a service's tables, made again from the topics."""

from __future__ import annotations

import asyncio
import importlib
import sys
from dataclasses import asdict
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Final

import typer

from autodev.cli.configuration import configured, server_settings
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.output import Format, Output, print_fields, print_json, say
from autodev.cli.run import require_service

if TYPE_CHECKING:
    from collections.abc import Callable

    from autodev.rebuild.recipe import Recipe
    from autodev.rebuild.report import Progress, Report
    from autodev.service.settings import ServiceSettings

TOLD_EVERY: Final = 1.0
"""Seconds between two lines of progress."""


def rebuild(
    service: Annotated[str, typer.Argument(help="A stopped service.")],
    yes: Annotated[bool, typer.Option("--yes", help="Commit without asking, whatever the warnings.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Make it, show it, and leave everything as it is.")
    ] = False,
    output: Output = Format.TABLE,
) -> None:
    """Make a stopped service's tables again from the topics, in one transaction that replaces the old ones.

    Asks before it commits; what could not be made as it was is shown first. Progress goes to stderr.
    """
    require_service(service)
    recipe = _recipe(service)
    settings = server_settings()

    def decide(report: Report) -> bool:
        if dry_run or yes:
            return yes and not dry_run
        _show(report, Format.TABLE)
        return typer.confirm("Replace the tables?", err=True)

    report = _run(recipe, settings, decide, send=not dry_run)
    if output is Format.JSON or yes or dry_run:
        _show(report, output)
    if not report.committed and not dry_run:
        raise CommandError(ExitCode.REFUSED, "the tables are as they were", "run it again with --yes to replace them")
    if output is Format.TABLE:
        say("replaced: start the service again" if report.committed else "dry run: the tables are as they were")


def _recipe(service: str) -> Recipe:
    try:
        module = importlib.import_module(f"services.{service}.rebuild")
    except ModuleNotFoundError as error:
        raise CommandError(
            ExitCode.FAILED,
            f"service {service!r} can't be imported: {error.name} is missing",
            f"run from a checkout or an image, with 'autodev-streams[{service}]' installed",
        ) from None
    recipe: Recipe = configured(module.recipe)
    return recipe


def _run(recipe: Recipe, settings: ServiceSettings, decide: Callable[[Report], bool], *, send: bool) -> Report:
    from aiokafka.errors import KafkaError
    from sqlalchemy.exc import DBAPIError

    from autodev.rebuild.errors import RebuildRefusedError
    from autodev.rebuild.rebuilding import rebuild as make_again
    from autodev.telemetry.setup import set_up_telemetry

    set_up_telemetry("rebuild")  # its logs go to stderr
    try:
        return asyncio.run(make_again(recipe, settings, tell=_teller(), decide=decide, send=send))
    except RebuildRefusedError as error:
        what, _, next_step = str(error).rpartition(": ")
        raise CommandError(ExitCode.REFUSED, what or next_step, next_step if what else "") from None
    except (KafkaError, OSError, DBAPIError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()
        raise CommandError(
            ExitCode.UNREACHABLE,
            f"the tables are as they were: {type(error).__name__}: {reason[0] if reason else ''}",
            "see that Kafka and PostgreSQL are there ('autodev doctor'), and run it again",
        ) from None


def _teller() -> Callable[[Progress], None]:
    started = told = monotonic()

    def tell(progress: Progress) -> None:
        nonlocal told
        now = monotonic()
        if now - told >= TOLD_EVERY:
            told = now
            rate = progress.records / (now - started)
            sys.stderr.write(
                f"{progress.records:,} of {progress.records_in_topics:,} records, {rate:,.0f}/s, at {progress.place}\n"
            )

    return tell


def _show(report: Report, output: Format) -> None:
    shown = asdict(report)
    if output is Format.JSON:
        print_json(shown)
        return
    rows, warnings = shown.pop("rows"), shown.pop("warnings")
    print_fields(shown | {f"rows of {table}": count for table, count in rows.items()})
    for warning in warnings:
        say(f"warning: {warning}")

"""All command groups, and what holds for each of them: settings of a local stack, errors, exit codes."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from autodev.cli import (
    agents,
    candidates,
    cases,
    database,
    dlq,
    doctor,
    events,
    repair,
    run,
    sandbox,
    skills,
    topics,
    workspace,
)
from autodev.cli.exits import EPILOG, CommandError, ExitCode
from autodev.cli.local_stack import missing_settings
from autodev.cli.output import show_error


class _Root(TyperGroup):
    """Turns a `CommandError` of any command into its message and its exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except CommandError as error:
            show_error(str(error), error.next_step)
            raise typer.Exit(error.code) from None
        except ModuleNotFoundError as error:
            if (error.name or "").startswith(("autodev", "services")):
                raise
            show_error(f"{error.name} is not installed", "install 'autodev-streams[services]'")
            raise typer.Exit(ExitCode.FAILED) from None


app = typer.Typer(
    cls=_Root,
    name="autodev",
    no_args_is_help=True,
    rich_markup_mode=None,  # its help is prettier, but takes twice as long to come up
    pretty_exceptions_enable=False,
    epilog=EPILOG,
    help="Agents fail; their failures become tested, promoted code. This is how you look in and steer.",
)


@app.callback()
def use_local_stack() -> None:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a command says itself what went wrong, once
    try:
        os.environ.update(missing_settings(Path.cwd(), os.environ))
    except ValueError as error:
        raise CommandError(ExitCode.FAILED, str(error)) from None


app.command("run")(run.run)
app.command("doctor")(doctor.doctor)
app.command("repair")(repair.repair)
app.add_typer(topics.app, name="topics")
app.add_typer(database.app, name="db")
app.add_typer(events.app, name="events")
app.add_typer(dlq.app, name="dlq")
app.add_typer(cases.app, name="cases")
app.add_typer(candidates.app, name="candidates")
app.add_typer(skills.app, name="skills")
app.add_typer(workspace.app, name="workspace")
app.add_typer(sandbox.app, name="sandbox")
app.add_typer(agents.app, name="agents")


def main() -> None:
    """The script `autodev`."""
    app()

"""The command line of the local stack: `python -m deploy.local`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console

from deploy.local.processes.locking import exclusive
from deploy.local.stack.autodev_command import Autodev
from deploy.local.stack.down import bring_down
from deploy.local.stack.down import purge as purge_data
from deploy.local.stack.new_state import OwnServers
from deploy.local.stack.running import Stack, find_stack
from deploy.local.stack.status import PartStatus, outcome_of, status_of
from deploy.local.stack.up import STEPS, Ascent
from deploy.local.terminal import logs as log_reader
from deploy.local.terminal.progress import Progress
from deploy.local.terminal.status_table import status_table

_DEFAULT_DIRECTORY = Path(__file__).parents[2] / "var" / "local"

app = typer.Typer(help="Run the whole system on this machine.", no_args_is_help=True, pretty_exceptions_enable=False)
_console = Console()
_errors = Console(stderr=True)


class Output(StrEnum):
    """How a result is shown."""

    TABLE = "table"
    JSON = "json"


Directory = Annotated[
    Path, typer.Option("--directory", help="Where the stack keeps state, data and logs.", resolve_path=True)
]
Name = Annotated[str, typer.Argument(help="A service, or kafka or postgres.")]


@app.command()
def up(
    kafka: Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Use your own broker.")] = None,
    postgres: Annotated[str | None, typer.Option(metavar="URL", help="Use your own PostgreSQL database.")] = None,
    directory: Directory = _DEFAULT_DIRECTORY,
) -> None:
    """Start everything, or find it running and start what is missing."""
    with _alone(directory):
        if find_stack(directory):
            _console.print("The stack is up already; starting what is missing in it.")
        progress = Progress(_console, STEPS)
        with progress.live():
            asyncio.run(Ascent(directory, OwnServers(kafka, postgres), Autodev(), progress).run())
        _console.print(status_table(asyncio.run(status_of(directory))))
        _console.print(
            f"Logs: {directory / 'logs'}. Settings for your own programs: {directory / 'env'}", soft_wrap=True
        )


@app.command()
def down(
    *,
    purge: Annotated[bool, typer.Option("--purge", help="Remove data, logs and state as well.")] = False,
    directory: Directory = _DEFAULT_DIRECTORY,
) -> None:
    """Stop everything and leave no process behind."""
    with _alone(directory):
        descent = asyncio.run(bring_down(directory))
        _console.print(f"Ended {descent.found} processes; none is left." if descent.found else "Nothing was running.")
        for process in descent.killed:
            _console.print(f"Had to be killed: {process}", style="yellow", markup=False, soft_wrap=True)
        if purge:
            purge_data(directory)
            _console.print(f"Removed {directory}.", soft_wrap=True)


@app.command()
def status(
    output: Annotated[Output, typer.Option("-o", "--output")] = Output.TABLE,
    directory: Directory = _DEFAULT_DIRECTORY,
) -> None:
    """Show what runs. Exit code 0: all ready, 1: something is not, 3: nothing runs."""
    parts = asyncio.run(status_of(directory))
    if output is Output.JSON:
        sys.stdout.write(TypeAdapter(tuple[PartStatus, ...]).dump_json(parts, indent=2).decode() + "\n")
    elif parts:
        _console.print(status_table(parts))
    else:
        _console.print("Nothing runs. Start it: make up")
    raise typer.Exit(outcome_of(parts))


@app.command()
def logs(
    name: Annotated[str | None, typer.Argument(help="A part, as `status` names it; all if left out.")] = None,
    *,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on with what comes.")] = False,
    lines: Annotated[int, typer.Option("-n", "--lines", min=0, help="How many lines of each log.")] = 20,
    directory: Directory = _DEFAULT_DIRECTORY,
) -> None:
    """Show the logs of the parts."""
    files = log_reader.log_files(directory)
    if name is not None:
        if name not in files:
            _fail(f"{name} has no log in {directory / 'logs'}; there are: {', '.join(files) or 'none'}")
        files = {name: files[name]}
    try:
        for line in log_reader.last_lines(files, lines):
            _write(line)
        for line in log_reader.follow(files) if follow else ():
            _write(line)
    except (KeyboardInterrupt, BrokenPipeError):
        return


@app.command()
def start(name: Name, directory: Directory = _DEFAULT_DIRECTORY) -> None:
    """Start one part and wait until it is ready."""
    with _running(directory, name) as stack:
        asyncio.run(stack.start(name))
    _console.print(f"{name} is ready.")


@app.command()
def stop(name: Name, directory: Directory = _DEFAULT_DIRECTORY) -> None:
    """Stop one part; the others go on, and `up` starts it again."""
    with _running(directory, name) as stack:
        asyncio.run(stack.stop([name]))
    _console.print(f"{name} has stopped.")


@app.command()
def restart(name: Name, directory: Directory = _DEFAULT_DIRECTORY) -> None:
    """Stop one part and start it again."""
    with _running(directory, name) as stack:
        asyncio.run(stack.stop([name]))
        asyncio.run(stack.start(name))
    _console.print(f"{name} is ready.")


@app.command("lock-jars", hidden=True)
def lock_jars() -> None:
    """Resolve Kafka's jars anew and write their lock file."""
    from deploy.local.kafka.jar_lock import LOCK_FILE, render
    from deploy.local.kafka.jars import resolve_lock

    LOCK_FILE.write_text(render(resolve_lock()))
    _console.print(f"Wrote {LOCK_FILE}.", soft_wrap=True)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Let no other command change this stack meanwhile, and turn what goes wrong into a message and exit code 1."""

    def waiting() -> None:
        _errors.print("Another command is at work on this stack; waiting for it to end.")

    try:
        with exclusive(directory.with_suffix(".lock"), on_wait=waiting):
            yield
    except (RuntimeError, OSError, ValueError) as error:
        _fail(str(error))


@contextmanager
def _running(directory: Path, part: str) -> Iterator[Stack]:
    with _alone(directory):
        stack = find_stack(directory)
        if stack is None:
            raise RuntimeError("nothing runs; start it with: make up")
        if part not in stack.parts:
            raise RuntimeError(f"this stack has no part {part!r}; it has: {', '.join(stack.parts)}")
        yield stack


def _write(line: log_reader.Line) -> None:
    sys.stdout.write(f"{line.part:<12} {line.text}\n")
    sys.stdout.flush()


def _fail(message: str) -> None:
    _errors.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)

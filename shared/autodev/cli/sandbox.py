"""`autodev sandbox`: run untrusted Python in isolation, and see what isolates here. No broker, no database."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from autodev.cli import sandbox_audit
from autodev.cli.engine import nothing_run, proved_engine
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.given_file import python_source
from autodev.cli.output import Format, Output, print_fields, print_json, print_rows, say

if TYPE_CHECKING:
    from autodev.events.models.call import Arguments
    from autodev.sandbox import Engine, Policy, RunReport

app = typer.Typer(no_args_is_help=True, help="Run untrusted Python in isolation; see what isolates on this machine.")
app.add_typer(sandbox_audit.app, name="audit")

_NO_ARGUMENTS: Final = "[]"
_SIZE: Final = re.compile(r"(\d+)([kmg]?)", re.IGNORECASE)
_OPTIONS: Final = {
    "memory_bytes": "--memory",
    "output_bytes": "--output-limit",
    **dict.fromkeys(("wall_seconds", "call_seconds", "cpu_seconds"), "--timeout"),
}
"""By the field of a policy that each sets."""
_SHOWN: Final = 200
"""Characters of what somebody typed, and of what is wrong with it."""
_UNITS: Final = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}


@app.command("check")
def check(output: Output = Format.TABLE) -> None:
    """Try to break every promise of each engine; exit 1 if there is none that keeps all of them."""
    from autodev.sandbox.engines import ENGINES, examine_named

    reports = [asyncio.run(examine_named(name)) for name in ENGINES]
    rows = [
        {
            "engine": report.engine,
            "control": control.name,
            "held": control.held,
            "evidence": control.evidence,
            "remedy": "" if control.held else control.remedy,
        }
        for report in reports
        for control in report.controls
    ]
    print_rows(output, rows, ("engine", "control", "held", "evidence", "remedy"), empty="no engine")
    usable = [report.engine for report in reports if report.proven]
    if output is Format.TABLE:
        say(f"usable: {', '.join(usable)}" if usable else "no engine is usable: nothing runs here")
    if not usable:
        raise typer.Exit(ExitCode.FAILED)


@app.command("run")
def run(
    file: Annotated[Path, typer.Argument(help="Python source.")],
    entrypoint: Annotated[str | None, typer.Option(help="Call this function; else the file runs as a program.")] = None,
    args: Annotated[
        str, typer.Option(help="A JSON array of its arguments, or an object of named ones.")
    ] = _NO_ARGUMENTS,
    engine: Annotated[
        str | None,
        typer.Option(help="Which engine, of those that `check` shows; else the first that works."),
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds until it is killed.")] = 10.0,
    memory: Annotated[str, typer.Option(help="Of a process: bytes, or with k, m, g.")] = "512m",
    output_limit: Annotated[int, typer.Option(help="Bytes of stdout and of stderr.")] = 65_536,
    audit: Annotated[Path | None, typer.Option(help="Add a record of the run to this log.")] = None,
    output: Output = Format.TABLE,
) -> None:
    """Run FILE where it can reach nothing; exit 0 if it ended well.

    An engine is tried as `check` tries it, unless all its controls held within the last quarter of an hour.
    """
    from autodev.sandbox import IsolationUnavailable, Verdict
    from autodev.sandbox.audit import AuditError
    from autodev.sandbox.script import run_file

    if entrypoint is None and args != _NO_ARGUMENTS:
        raise CommandError(ExitCode.USAGE, "--args are those of a function", "name it: --entrypoint NAME")
    source, arguments = python_source(file), _arguments(args)
    policy = _policy(timeout, memory, output_limit)

    async def proved_and_run() -> RunReport:
        chosen = _audited(await proved_engine(engine), audit)
        return await run_file(chosen, source, policy, entrypoint=entrypoint, arguments=arguments)

    try:
        report = asyncio.run(proved_and_run())
    except AuditError as error:
        raise CommandError(ExitCode.FAILED, f"what it did is not told: {error}") from None
    except IsolationUnavailable as error:
        raise nothing_run(error) from None
    told = _told(report)
    if output is Format.JSON:
        print_json(told)
    else:
        print_fields({name: value for name, value in told.items() if name not in ("limits", "usage")} | told["usage"])
    if told["verdict"] != Verdict.OK:
        raise typer.Exit(ExitCode.FAILED)


def _told(report: RunReport) -> dict[str, Any]:
    """The run, with its only call; what the run as a whole came to goes before what the call did."""
    from autodev.events.models.call import Raised, Returned
    from autodev.sandbox import Verdict

    [call] = report.calls
    outcome = call.outcome
    error = f"{outcome.type}: {outcome.message}" if isinstance(outcome, Raised) else ""
    return {
        "verdict": (call.verdict if report.verdict is Verdict.OK else report.verdict).value,
        "engine": report.engine,
        "result": outcome.value if isinstance(outcome, Returned) else None,
        "error": error or call.message or report.message,
        "stdout": call.stdout.text,
        "stderr": call.stderr.text,
        "seconds": round(report.seconds, 4),
        "limits": report.limits.model_dump(mode="json"),
        "usage": {
            "cpu_seconds": call.cpu_seconds,
            "max_rss_bytes": call.max_rss_bytes,
            "stdout_dropped_bytes": call.stdout.dropped_bytes,
            "stderr_dropped_bytes": call.stderr.dropped_bytes,
        },
    }


def _arguments(text: str) -> Arguments:
    from autodev import values
    from autodev.events.models.call import Arguments

    try:
        given = json.loads(text)
        if isinstance(given, dict):
            return Arguments(kwargs={name: values.encode(value) for name, value in given.items()})
        if isinstance(given, list):
            return Arguments(args=tuple(map(values.encode, given)))
    except (ValueError, RecursionError) as error:
        reason = f"can't be read: {error}"[:_SHOWN]
    else:
        reason = "is neither a JSON array nor an object"
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    raise CommandError(ExitCode.USAGE, f"--args {shown!r} {reason}", """for example --args '[1, "two"]'""") from None


def _policy(timeout: float, memory: str, output_limit: int) -> Policy:
    from pydantic import ValidationError

    from autodev.sandbox import Policy
    from autodev.sandbox.script import script_limits

    try:
        return Policy(
            **script_limits(timeout),
            memory_bytes=_bytes(memory),
            output_bytes=output_limit,
            head_bytes=(output_limit + 1) // 2,
            tail_bytes=output_limit // 2,
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        option = _OPTIONS.get(name, name)
        raise CommandError(ExitCode.USAGE, f"{option}: {first['msg']}") from None


def _bytes(text: str) -> int:
    size = _SIZE.fullmatch(text)
    if size is None:
        raise CommandError(ExitCode.USAGE, f"--memory {text!r} is no size", "for example --memory 256m")
    return int(size[1]) * _UNITS[size[2].lower()]


def _audited(engine: Engine, file: Path | None) -> Engine:
    """Raises CommandError if FILE can't be written, before anything runs."""
    if file is None:
        return engine
    from autodev.sandbox.audit import AuditedEngine, AuditError, AuditLog

    log = AuditLog(file)
    try:
        log.open()
    except AuditError as error:
        raise CommandError(
            ExitCode.USAGE, str(error), "give a file that can be written, or one of these logs"
        ) from None
    return AuditedEngine(engine, log)

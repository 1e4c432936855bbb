"""`autodev sandbox audit`: the log of what ran in isolation, shown and checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.output import Format, Output, print_fields, print_json, print_rows

app = typer.Typer(no_args_is_help=True, help="The log of what ran in isolation.")

COLUMNS = ("seq", "time", "kind", "tenant", "engine", "verdicts", "calls", "cpu_seconds")


@app.command("verify")
def verify(
    files: Annotated[list[Path], typer.Argument(help="A log, or all files that it was, the oldest first.")],
    output: Output = Format.TABLE,
) -> None:
    """Follow the chain of hashes through FILES; exit 1 at the first link that does not hold."""
    from autodev.sandbox.audit import verify as walk

    try:
        found = walk(files)
    except OSError as error:
        raise CommandError(ExitCode.USAGE, f"it can't be read: {error}") from None
    broken = found.broken
    told = {
        "holds": found.holds,
        "lines": found.lines,
        "begins_after": found.begins_after.seq,
        "last": found.last.seq,
        "last_sha256": found.last.sha256,
        "crashes_noted": found.cuts,
        "unfinished_bytes": found.cut_bytes,
        "broken": None if broken is None else {"file": broken.file, "line": broken.line, "reason": broken.reason},
    }
    if output is Format.JSON:
        print_json(told)
    else:
        place = "" if broken is None else f"{broken.file}, line {broken.line}: {broken.reason}"
        print_fields(told | {"broken": place})
    if broken is not None:
        raise typer.Exit(ExitCode.FAILED)


@app.command("show")
def show(
    file: Annotated[Path, typer.Argument(help="A log.")],
    output: Output = Format.TABLE,
) -> None:
    """List the records of FILE; whether they are as they were written, `verify` tells."""
    try:
        records = list(_records(file))
    except OSError as error:
        raise CommandError(ExitCode.USAGE, f"it can't be read: {error}") from None
    if output is Format.JSON:
        print_json(records)
    else:
        print_rows(output, [_row(record) for record in records], COLUMNS, empty="no record")


def _records(file: Path) -> Iterator[dict[str, Any]]:
    """Its whole lines; what is none has no place in a list of records."""
    from autodev.sandbox.audit.chain import read_line

    with file.open("rb") as lines:
        for text in lines:
            if (line := read_line(text)) is not None:
                yield dict(line.fields)


def _row(record: dict[str, Any]) -> dict[str, Any]:
    """A record's runs added up. Whoever can write the file can write anything into it."""
    runs = [run for run in _list(record.get("runs")) if isinstance(run, dict)]
    calls: dict[str, int] = {}
    for run in runs:
        for verdict, count in _items(run.get("calls")):
            if isinstance(count, int):
                calls[str(verdict)] = calls.get(str(verdict), 0) + count
    seconds = [dict(_items(run.get("usage"))).get("cpu_seconds") for run in runs]
    return {
        **record,
        "verdicts": ", ".join(sorted({str(run.get("verdict")) for run in runs})),
        "calls": ", ".join(f"{verdict} {count}" for verdict, count in sorted(calls.items())),
        "cpu_seconds": round(sum(each for each in seconds if isinstance(each, float)), 3) if runs else None,
    }


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _items(value: object) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, dict) else []

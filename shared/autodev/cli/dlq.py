"""`autodev dlq`: what services gave up; look at it, send it back, or drop it."""

from __future__ import annotations

from collections import deque
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from autodev.cli.configuration import server_settings
from autodev.cli.dlq_selection import (
    Contains,
    ErrorClass,
    Groups,
    OfTenant,
    Selection,
    Since,
    Topics,
    Until,
    letter_ids,
    present,
    selection,
)
from autodev.cli.dlq_settling import settling
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.kafka import talk
from autodev.cli.output import Format, Output, cell, print_fields, print_json, print_rows, say, stdout
from autodev.visible import visible

if TYPE_CHECKING:
    from autodev.dead_letters.audit import Handled
    from autodev.dead_letters.letter import Letter, LetterId
    from autodev.stream.kafka.connection import KafkaConnection

app = typer.Typer(no_args_is_help=True, help="Dead letters: what services gave up, and what becomes of it.")
REDRIVE_HELP: Final = "Send letters back to the topics they came from. A letter goes back once; again means nothing."
DROP_HELP: Final = "Give letters up for good. They stay readable for as long as dead letters are kept."
app.command("redrive", help=REDRIVE_HELP)(settling("redriven"))
app.command("drop", help=DROP_HELP)(settling("dropped"))

VALUE_SHOWN: Final = 20_000
"""Bytes of a value on a terminal."""


@app.command("list")
def list_letters(
    group: Annotated[list[str] | None, typer.Argument(help="Groups whose letters to list; all unless given.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Also those that were redriven or dropped.")] = False,
    groups: Groups = None,
    topics: Topics = None,
    tenant: OfTenant = "",
    error_class: ErrorClass = "",
    contains: Contains = "",
    since: Since = "",
    until: Until = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 50,
    output: Output = Format.TABLE,
) -> None:
    """Letters that wait for somebody to decide, newest first."""
    from autodev.cli.dlq_rows import LISTED, listed

    named = [*(group or ()), *(groups or ())]
    chosen = selection(named, topics or (), tenant, error_class, contains, since, until)
    kafka = server_settings().kafka
    rows, matching = talk(kafka, _rows(kafka.connection("cli"), chosen, limit, handled_too=all_))
    if output is Format.JSON:
        print_json(rows)
        return
    print_rows(output, [listed(row) for row in rows], LISTED, empty="no dead letters")
    if matching > len(rows):
        say(f"and {matching - len(rows)} older: see more with --limit")


@app.command("show")
def show(
    letter: Annotated[str, typer.Argument(metavar="ID", help="As 'autodev dlq list' shows it.")],
    raw: Annotated[Path | None, typer.Option(help="Write the value's bytes to that file.")] = None,
    output: Output = Format.TABLE,
) -> None:
    """One letter: why it was given up, its headers and its value."""
    from autodev.cli.dlq_rows import content, row

    kafka = server_settings().kafka
    (wanted,) = letter_ids([letter])
    found, handled = talk(kafka, _one(kafka.connection("cli"), wanted))
    if raw is not None:
        _write(found, raw)
    if output is Format.JSON:
        print_json({**row(found, handled), **content(found)})
        return
    print_fields(row(found, handled))
    print_rows(output, content(found)["headers"], ("name", "value"), empty="none", title="headers")
    stdout().print("\n", cell("value", "bold underline"), sep="")
    _print_value(found.record.value)


async def _rows(
    connection: KafkaConnection, chosen: Selection, limit: int, *, handled_too: bool
) -> tuple[list[dict[str, Any]], int]:
    """The newest `limit` rows, newest first, and how many there would be."""
    from autodev.cli.dlq_rows import row
    from autodev.dead_letters.reading import read_audit, read_letters

    audit = await read_audit(connection)
    newest: deque[dict[str, Any]] = deque(maxlen=limit)
    matching = 0
    async with aclosing(read_letters(connection, chosen.groups)) as letters:
        async for letter in letters:
            handled = audit.of(letter)
            if (handled_too or handled is None) and chosen.filter.matches(letter):
                newest.append(row(letter, handled))
                matching += 1
    return list(reversed(newest)), matching


async def _one(connection: KafkaConnection, wanted: LetterId) -> tuple[Letter, Handled | None]:
    from autodev.dead_letters.reading import read_audit

    (found,) = await present(connection, [wanted])
    return found, (await read_audit(connection)).of(found)


def _write(letter: Letter, file: Path) -> None:
    if letter.record.value is None:
        raise CommandError(ExitCode.REFUSED, f"{letter.id} has no value to write: it is null")
    try:
        file.write_bytes(letter.record.value)
    except OSError as error:
        raise CommandError(ExitCode.USAGE, f"can't write {file}: {error.strerror}") from None


def _print_value(value: bytes | None) -> None:
    from rich.text import Text

    if value is None:
        say("null")
        return
    shown = value[:VALUE_SHOWN].decode("utf-8", "backslashreplace")
    stdout().print(Text(visible(shown, multiline=True)), soft_wrap=True)
    if len(value) > VALUE_SHOWN:
        say(f"… and {len(value) - VALUE_SHOWN} more bytes: write all of them to a file with --raw FILE")

"""What commands print: tables for people, JSON for programs, and nothing that could drive a terminal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from autodev.visible import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


Output = Annotated[Format, typer.Option("--output", "-o", help="For people, or for programs.")]

PIPED_WIDTH: Final = 240
_BEYOND_ASCII: Final = re.compile(r"[^\n -~]")


def cell(value: object, style: str = "") -> Text:
    """`value` for a table: never read as markup."""
    from rich.text import Text

    return Text(visible(value), style=style)


def stdout() -> Console:
    """Standard output; wide where nobody looks at it, so that no line of a pipe is folded."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def print_json(value: Any) -> None:
    """`value` as indented JSON; what JSON has no type for, as a string, and control characters escaped, all of them."""
    import orjson

    written = orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode()
    sys.stdout.write(_BEYOND_ASCII.sub(_escaped, written) + "\n")  # only strings hold such characters


def _escaped(found: re.Match[str]) -> str:
    return found[0] if visible(found[0]) == found[0] else json.dumps(found[0])[1:-1]


def print_rows(
    format_: Format, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, empty: str, title: str = ""
) -> None:
    """Rows as a table of `columns` (keys of a row, in order), or with all they hold as a JSON array.

    The first column is never folded: it is what one copies into the next command.
    """
    if format_ is Format.JSON:
        print_json(list(rows))
        return
    from rich.table import Table

    if title:
        print_heading(title)
    if not rows:
        stdout().print(cell(empty, "dim"))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for index, column in enumerate(columns):
        table.add_column(column.replace("_", " "), no_wrap=index == 0, overflow="fold")
    for row in rows:
        table.add_row(*(cell(row.get(column)) for column in columns))
    stdout().print(table)


def print_heading(title: str) -> None:
    """The title of what follows, with an empty line before it."""
    stdout().print("\n", cell(title, "bold underline"), sep="")


def print_fields(fields: Mapping[str, Any]) -> None:
    """The fields of one thing, below each other."""
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in fields.items():
        table.add_row(cell(name.replace("_", " "), "bold"), cell(value))
    stdout().print(table)


def print_code(text: str, language: str) -> None:
    """Source or a diff, coloured where someone looks at it."""
    shown = visible(text, multiline=True)
    if not sys.stdout.isatty():
        sys.stdout.write(shown)
        return
    from rich.syntax import Syntax

    stdout().print(Syntax(shown, language, theme="ansi_dark", background_color="default", word_wrap=True))


def say(message: str) -> None:
    """One line that confirms what was done."""
    stdout().print(cell(message))


def show_error(what: str, next_step: str) -> None:
    """One line on stderr that says what happened, and a second with the next step."""
    from rich.console import Console

    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    console.print(cell("autodev: ", "bold red") + cell(what), soft_wrap=True)
    if next_step:
        console.print(cell("next: ", "bold") + cell(next_step), soft_wrap=True)

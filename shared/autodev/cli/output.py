"""What commands print: tables for people, JSON for programs, and nothing that could drive a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


Output = Annotated[Format, typer.Option("--output", "-o", help="For people, or for programs.")]

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def visible(value: object, *, multiline: bool = False) -> str:
    """`value` as text in which control characters and direction marks are written out instead of obeyed."""
    kept = "\n\t" if multiline else ""
    return "".join(
        character
        if character in kept or (character.isprintable() and character not in _BIDI)
        else character.encode("unicode_escape").decode()
        for character in ("" if value is None else str(value))
    )


def cell(value: object, style: str = "") -> Text:
    """`value` for a table: never read as markup."""
    from rich.text import Text

    return Text(visible(value), style=style)


def stdout() -> Console:
    from rich.console import Console

    return Console(file=sys.stdout, soft_wrap=False, highlight=False, markup=False, emoji=False)


def print_json(value: Any) -> None:
    """`value` as indented JSON; datetimes and enums as strings."""
    import orjson

    sys.stdout.write(orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode() + "\n")


def print_rows(format_: Format, rows: Sequence[dict[str, Any]], columns: Sequence[str], *, empty: str) -> None:
    """Rows as a table of `columns` (keys of a row, in order), or all of them as a JSON array."""
    if format_ is Format.JSON:
        print_json(list(rows))
        return
    if not rows:
        stdout().print(cell(empty, "dim"))
        return
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(cell(row.get(column)) for column in columns))
    stdout().print(table)


def print_fields(format_: Format, fields: dict[str, Any]) -> None:
    """One thing: its fields below each other, or as a JSON object."""
    if format_ is Format.JSON:
        print_json(fields)
        return
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in fields.items():
        table.add_row(cell(name.replace("_", " "), "bold"), cell(value))
    stdout().print(table)


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

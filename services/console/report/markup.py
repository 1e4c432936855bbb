"""HTML in which text can only be text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from autodev.visible import visible


def text(value: object, limit: int = 2_000) -> str:
    """`value` as escaped text, control characters written out; None as a dash, and what is beyond `limit` counted."""
    if value is None:
        return "&ndash;"
    written = f"{value:.3f}" if isinstance(value, float) else str(value)
    more = f" … {len(written) - limit} more characters" if len(written) > limit else ""
    return escape(visible(written[:limit]) + more)


def code(value: str) -> str:
    """`value` with its lines, each marked by how it starts: as a diff."""
    kinds = {"+": "added", "-": "removed", "@": "place"}
    lines = (
        f'<span class="{kinds.get(line[:1], "same")}">{escape(visible(line, multiline=True))}</span>'
        for line in value.splitlines()
    )
    return "<pre>" + "\n".join(lines) + "</pre>"


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], limit: int = 60) -> str:
    """Rows below their columns, the first `limit` of them, and how many were cut."""
    if not rows:
        return "<p>none</p>"
    head = "".join(f"<th>{text(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{text(value)}</td>" for value in row) + "</tr>" for row in rows[:limit])
    more = f"<p>{len(rows) - limit} more</p>" if len(rows) > limit else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def items(values: Iterable[object]) -> str:
    return "<ul>" + "".join(f"<li>{text(value)}</li>" for value in values) + "</ul>"

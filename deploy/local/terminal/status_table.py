"""A status as a table for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from deploy.local.stack.status import PartStatus


def status_table(parts: Iterable[PartStatus]) -> Table:
    """One row per part: name, process, state, address, readiness."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("part", "pid", "state", "address"):
        table.add_column(title, justify="right" if title == "pid" else "left", no_wrap=True)
    table.add_column("ready", overflow="fold")
    for part in parts:
        ready = Text("yes", style="green") if part.ready else Text(f"no: {part.reason}", style="red")
        table.add_row(part.part, str(part.pid or ""), part.state, part.address, ready)
    return table

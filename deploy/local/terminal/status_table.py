"""A status as a table for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group
from rich.table import Table
from rich.text import Text

from deploy.local.stack.status import PartStatus


def status_table(parts: Iterable[PartStatus]) -> Group:
    """One row per part: name, process, state, address, readiness; below, why some are not ready."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("part", "pid", "state", "address", "ready"):
        table.add_column(title, justify="right" if title == "pid" else "left", no_wrap=True)
    reasons = []
    for part in parts:
        ready = Text("yes", style="green") if part.ready else Text("no", style="red")
        table.add_row(part.part, str(part.pid or ""), part.state, part.address, ready)
        if part.reason:
            reasons.append(Text(f"{part.part} is not ready: {part.reason}", style="red"))
    return Group(table, *reasons)

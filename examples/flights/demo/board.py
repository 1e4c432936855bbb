"""The live view: what each tool does now, and what the system does about it."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from autodev.events.models.case import CaseState
from examples.flights.demo.fixes import Fix
from examples.flights.demo.story import Story, ToolStory

_FIXED = frozenset({CaseState.CANARY, CaseState.VERIFIED})


def board(story: Story, lines: Sequence[str]) -> RenderableType:
    """The tools as a table, with the latest `lines` of news below it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("tool", no_wrap=True)
    table.add_column("version")
    for name in ("calls", "failures", "failing now", "in windows", "candidates"):
        table.add_column(name, justify="right")
    table.add_column("cases")
    for name, tool in story.tools.items():
        table.add_row(
            name,
            Text(tool.version or "as written", style="green" if tool.version else "dim"),
            f"{tool.calls:,}",
            f"{tool.failures:,}",
            _now(tool),
            f"{tool.windowed:,}",
            str(tool.candidates),
            _cases(tool),
        )
    news = Text("\n".join(lines), style="dim", no_wrap=True, overflow="ellipsis")
    return Group(table, news)


def progress_line(story: Story) -> str:
    """All of it in one line, for where there is no terminal."""
    failing = [name for name, tool in story.tools.items() if tool.failure_rate]
    return f"{story.flights:,} flights, {len(story.fixes)} fixes, failing now: {', '.join(failing) or 'none'}"


def fix_news(fix: Fix) -> RenderableType:
    """A fix, as its author would show it for review."""
    title = Text.assemble((f"{fix.tool} {fix.version}", "bold green"), f" after {fix.seconds:.1f} s: {fix.description}")
    return Group(title, Syntax(fix.diff.rstrip(), "diff", theme="ansi_dark", background_color="default"), Text())


def _now(tool: ToolStory) -> Text:
    rate = tool.failure_rate
    return Text(f"{rate:.1%}", style="bold red" if rate else "green")


def _cases(tool: ToolStory) -> Text:
    cells = (
        ("✔", "green") if case.state in _FIXED else (f"{case.state.replace('_', ' ')} ", "yellow")
        for case in tool.cases.values()
    )
    return Text.assemble(*cells)

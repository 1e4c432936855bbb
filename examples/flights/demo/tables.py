"""The two tables: that the checks have teeth, and what the tools were and became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from examples.flights.demo.story import Story
from examples.flights.demo.teeth import Refusals
from examples.flights.messages import Counts, Measured


def teeth_table(rows: Sequence[Refusals]) -> Table:
    calls = max(row.calls for row in rows)
    title = (
        f"How often each tool raises in {calls:,} real calls, and how often its check refuses an easy answer to them"
    )
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    table.add_column("tool", no_wrap=True)
    for name in ("raises", "always None", "a constant", "instead of None"):
        table.add_column(name, justify="right")
    table.add_column("the constant")
    table.add_column("teeth")
    for row in rows:
        table.add_row(
            row.tool,
            f"{row.failing:,}",
            f"{row.none_refused:,}",
            f"{row.constant_refused:,}",
            f"{row.default_refused:,}",
            Text(repr(row.constant).removeprefix("datetime.")),
            Text("yes", style="green") if row.has_teeth else Text("NO", style="bold red"),
        )
    return table


def result_table(story: Story, measured: Measured) -> Table:
    calls = max(counts.calls for counts in measured.before.values())
    title = f"Failure rates before and after, on {calls:,} flights that neither agents nor search have seen"
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    table.add_column("tool", no_wrap=True)
    for name in ("calls", "before", "after", "None", "seconds to fix"):
        table.add_column(name, justify="right")
    table.add_column("version")
    for name, tool in story.tools.items():
        table.add_row(
            name,
            f"{tool.calls:,}",
            _rate(measured.before[name]),
            _rate(measured.after[name]),
            f"{measured.after[name].nones / calls:.2%}",
            " ".join(f"{fix.seconds:.1f}" for fix in story.fixes if fix.tool == name),
            tool.version or "as written",
        )
    table.caption = (
        "calls: of the first agent. None: share of its answers. Seconds: first failure of a kind → fix in the agent."
    )
    table.caption_justify = "left"
    return table


def versions(tools: Mapping[str, str | None]) -> str:
    """Such as "speed 1.0.0, headway 1.0.1"."""
    return ", ".join(f"{name} {version}" for name, version in tools.items() if version)


def _rate(counts: Counts) -> Text:
    rate = counts.failures / counts.calls
    return Text(f"{rate:.2%}", style="bold red" if rate else "green")

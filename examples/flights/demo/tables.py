"""The two tables: that the checks have teeth, and what the tools were and became."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from examples.flights.demo.fixes import Fix
from examples.flights.demo.story import Story
from examples.flights.demo.teeth import Refusals
from examples.flights.messages import Counts, Measured


def teeth_table(rows: Iterable[Refusals]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="What each tool's property check refuses", title_justify="left")
    table.add_column("tool")
    for name in (
        "calls",
        "tool raises",
        "always None refused",
        "its constant refused",
        "constant instead of None refused",
    ):
        table.add_column(name, justify="right")
    table.add_column("constant")
    table.add_column("teeth")
    for row in rows:
        table.add_row(
            row.tool,
            f"{row.calls:,}",
            f"{row.failing:,}",
            f"{row.none_refused:,}",
            f"{row.constant_refused:,}",
            f"{row.default_refused:,} of {row.failing:,}",
            Text(repr(row.constant)),
            Text("yes", style="green") if row.has_teeth else Text("NO", style="bold red"),
        )
    return table


def result_table(story: Story, measured: Measured) -> Table:
    held_out = max(counts.calls for counts in measured.before.values())
    title = f"Failure rates on {held_out:,} flights that neither the agents nor the search have seen"
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    table.add_column("tool")
    for name in ("calls", "failures", "rate before", "rate after", "answers", "of them None", "fixes"):
        table.add_column(name, justify="right")
    table.add_column("seconds from first failure")
    table.add_column("version")
    for name, tool in story.tools.items():
        before, after = measured.before[name], measured.after[name]
        table.add_row(
            name,
            f"{tool.calls:,}",
            f"{tool.failures:,}",
            _rate(before),
            _rate(after),
            f"{after.calls - after.raised:,}",
            f"{after.nones:,}",
            str(len(_of(name, story.fixes))),
            ", ".join(f"{fix.seconds:.1f}" for fix in _of(name, story.fixes)),
            tool.version or "as written",
        )
    return table


def versions(tools: Mapping[str, str | None]) -> str:
    """Such as "speed 1.0.0, headway 1.0.1"."""
    return ", ".join(f"{name} {version}" for name, version in tools.items() if version)


def _of(tool: str, fixes: Iterable[Fix]) -> list[Fix]:
    return [fix for fix in fixes if fix.tool == tool]


def _rate(counts: Counts) -> Text:
    rate = counts.failures / counts.calls
    return Text(f"{rate:.2%}", style="bold red" if rate else "green")

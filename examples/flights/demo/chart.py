"""The failure rates over time, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from examples.flights.demo.story import Story
from examples.flights.messages import Worked

_SMOOTHED = 8
"""Reports that one point of a curve stands for: two seconds."""


def draw(story: Story, path: Path) -> None:
    """Write a PNG with one panel a tool: its failure rate, and where it changed its version."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    began = story.worked[0].at
    figure, grid = plt.subplots(2, -(-len(story.tools) // 2), figsize=(15, 6.5), sharex=True, layout="constrained")
    for axes, tool in zip(grid.flat, story.tools, strict=False):
        times, rates = _curve(story.worked, tool, began)
        axes.fill_between(times, rates, color="#c0392b", alpha=0.25, linewidth=0)
        axes.plot(times, rates, color="#c0392b", linewidth=1.5)
        _mark_versions(axes, story, tool, began)
        axes.set_title(tool, loc="left", fontweight="bold")
        axes.set_ylim(0, max(rates) * 1.25 or 1)
        axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda rate, _: f"{rate:g}%"))
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle("Failing calls of each tool while the agent works, over the last two seconds", x=0.01, ha="left")
    figure.supxlabel("seconds")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _curve(worked: Sequence[Worked], tool: str, began: datetime) -> tuple[list[float], list[float]]:
    """Seconds, and the failure rate in percent over the two seconds before each."""
    times, rates = [], []
    for end in range(1, len(worked) + 1):
        span = [message.tools[tool] for message in worked[max(0, end - _SMOOTHED) : end]]
        times.append((worked[end - 1].at - began).total_seconds())
        rates.append(100 * sum(counts.failures for counts in span) / max(1, sum(counts.calls for counts in span)))
    return times, rates


def _mark_versions(axes: Any, story: Story, tool: str, began: datetime) -> None:
    for switch in story.switches:
        if switch.tool != tool:
            continue
        seconds = (switch.at - began).total_seconds()
        color = "#27ae60" if switch.version else "#7f8c8d"
        axes.axvline(seconds, color=color, linestyle="--", linewidth=1)
        label = f" {switch.version or 'withdrawn'}"
        axes.text(
            seconds, 0.98, label, transform=axes.get_xaxis_transform(), color=color, fontsize=8, va="top", rotation=90
        )

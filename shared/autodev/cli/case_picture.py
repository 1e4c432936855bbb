"""A case's search as one picture: the curve of its fitness above its lineage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from autodev.cli.exits import CommandError, ExitCode
from autodev.visible import visible

_NODES: Final = 40
_LABEL: Final = 70
_CHOSEN: Final = "#0550ae"
_GOOD: Final = "#1a7f37"
_BAD: Final = "#8c959f"

Facts = Mapping[str, Any]


def picture(case: Facts, story: Facts) -> bytes:
    """A PNG. Labels are drawn as they are: no text is read as a formula or as markup.

    Raises:
        CommandError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise CommandError(
            ExitCode.FAILED, "matplotlib is not installed", "install 'autodev-streams[report]', or name an .html file"
        ) from None
    nodes = story["lineage"][:_NODES]
    height = 3.2 + 0.26 * len(nodes)
    figure = Figure(figsize=(10, height), dpi=120, layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=[2.8, max(0.4, 0.26 * len(nodes))])
    title = f"{case['error_type']} in {case['skill'] or case['agent_id']}: {case['state']}"
    figure.suptitle(_label(title, 100), parse_math=False)
    _curve(above, story["generations"])
    _tree(below, nodes, len(story["lineage"]) - len(nodes))
    written = BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _curve(axes: Any, stages: Sequence[Facts]) -> None:
    scored = [stage for stage in stages if stage["best_so_far"] is not None]
    axes.step([it["generation"] for it in scored], [it["best_so_far"] for it in scored], where="post", color=_CHOSEN)
    own = [it for it in scored if it["best_fitness"] is not None]
    axes.scatter(
        [it["generation"] for it in own],
        [it["best_fitness"] for it in own],
        c=[_GOOD if it["plausible"] else _BAD for it in own],
        s=18,
        zorder=3,
    )
    axes.set(ylim=(-0.03, 1.03), xlabel="generation", ylabel="best fitness")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(alpha=0.3)


def _tree(axes: Any, nodes: Sequence[Facts], more: int) -> None:
    parents: dict[int, int] = {}  # the last row of each depth
    for row, node in enumerate(nodes):
        depth = node["depth"]
        if depth:
            axes.plot([depth - 1, depth - 1, depth], [parents[depth - 1], row, row], color="#d0d7de", zorder=1)
        good = node["state"] in ("validated", "promoted")
        color = _CHOSEN if node["chosen"] else _GOOD if good else _BAD
        axes.scatter([depth], [row], color=color, s=26, zorder=2)
        axes.text(depth + 0.12, row, _label(_words(node), _LABEL), va="center", fontsize=8, parse_math=False)
        parents[depth] = row
    axes.set(xlim=(-0.3, max(6, max(parents) + 4)), ylim=(len(nodes) - 0.4, -0.6))
    axes.set_title("lineage" + (f", {more} more" if more > 0 else ""), loc="left", fontsize=9)
    axes.axis("off")


def _words(node: Facts) -> str:
    numbers = [f"{name} {node[name]:.3f}" for name in ("fitness", "closeness") if node[name] is not None]
    cut = [f"{node['cut']} more below"] if node["cut"] else []
    chosen = ["chosen"] if node["chosen"] else []
    return ", ".join([node["operator"] or "?", *numbers, *chosen, *cut])


def _label(text: str, limit: int) -> str:
    """In ASCII, for a font need not have what a guest writes."""
    kept = text if len(text) <= limit else text[: limit - 3] + "..."
    return visible(kept).encode("ascii", "backslashreplace").decode()

"""The lineage as SVG: one line a node, below its parent and joined to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.console.domain.candidate import CandidateState
from services.console.domain.story.lineage import Node
from services.console.report.markup import text

MAX_NODES: Final = 200
_ROW: Final = 22
_INDENT: Final = 26
_GOOD: Final = (CandidateState.VALIDATED, CandidateState.PROMOTED)
_LABEL: Final = 90


def tree(nodes: Sequence[Node]) -> str:
    """Nodes depth first, as they come; the chosen one stands out, and what is cut is counted."""
    shown = nodes[:MAX_NODES]
    rows: list[str] = []
    parents: dict[int, int] = {}  # the last row of each depth
    for row, node in enumerate(shown):
        rows.append(_joint(node.depth, parents[node.depth - 1], row) if node.depth else "")
        rows.append(_dot(node, row))
        parents[node.depth] = row
    height = _ROW * len(shown) + 8
    more = f"<p>{len(nodes) - MAX_NODES} more</p>" if len(nodes) > MAX_NODES else ""
    return f'<svg viewBox="0 0 900 {height}" role="img" aria-label="lineage">{"".join(rows)}</svg>{more}'


def _place(depth: int, row: int) -> tuple[int, int]:
    return 12 + depth * _INDENT, 14 + row * _ROW


def _joint(depth: int, parent: int, row: int) -> str:
    (x, top), (end, y) = _place(depth - 1, parent), _place(depth, row)
    return f'<path class="joint" d="M{x} {top + 5}V{y}H{end - 5}"/>'


def _dot(node: Node, row: int) -> str:
    x, y = _place(node.depth, row)
    kind = "chosen" if node.chosen else "good" if node.state in _GOOD else "bad"
    facts = [f"generation {node.generation}"] if node.depth else []
    facts += [f"fitness {node.fitness:.3f}"] if node.fitness is not None else []
    facts += [f"closeness {node.closeness:.3f}"] if node.closeness is not None else []
    facts += [node.state.value] if node.state else []
    facts += ["chosen"] if node.chosen else []
    facts += [f"{node.cut} more children"] if node.cut else []
    label = text(node.operator or "not read yet", _LABEL) + " · " + text(", ".join(facts))
    hint = f"<title>{text(node.description, 300)}</title>" if node.description else ""
    return f'<g>{hint}<circle class="{kind}" cx="{x}" cy="{y}" r="5"/><text x="{x + 11}" y="{y + 4}">{label}</text></g>'

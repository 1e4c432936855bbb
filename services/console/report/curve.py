"""The curve of the best fitness by generation, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.console.domain.story.course import Stage

_WIDTH: Final = 720
_HEIGHT: Final = 220
_LEFT: Final = 40
_TOP: Final = 12
_BOTTOM: Final = 190


def curve(stages: Sequence[Stage]) -> str:
    """Best so far as a line, the best of each generation as points. Coordinates are numbers of ours alone."""
    scored = [stage for stage in stages if stage.best_so_far is not None]
    if not scored:
        return "<p>nothing is scored yet</p>"
    first, last = stages[0].generation, stages[-1].generation
    step = (_WIDTH - _LEFT - 12) / max(1, last - first)

    def place(generation: int, fitness: float) -> tuple[float, float]:
        return _LEFT + (generation - first) * step, _BOTTOM - fitness * (_BOTTOM - _TOP)

    line = " ".join(
        f"{x:.1f},{y:.1f}" for x, y in (place(stage.generation, stage.best_so_far or 0.0) for stage in scored)
    )
    points = "".join(
        f'<circle class="{"good" if stage.plausible else "bad"}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        for stage in scored
        if stage.best_fitness is not None
        for x, y in [place(stage.generation, stage.best_fitness)]
    )
    grid = "".join(
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="4" y="{y + 4:.1f}">{value:.2f}</text>'
        for value in (0.0, 0.25, 0.5, 0.75, 1.0)
        for y in [place(first, value)[1]]
    )
    axis = f'<text x="{_LEFT}" y="208">generation {first}</text>' + (
        f'<text x="{_WIDTH - 12}" y="208" text-anchor="end">generation {last}</text>' if last > first else ""
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="best fitness by generation">'
        f'{grid}<polyline class="best" points="{line}"/>{points}{axis}</svg>'
    )

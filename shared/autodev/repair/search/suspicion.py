"""Which lines are likely wrong: those that failing calls ran and passing calls did not (Ochiai)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Final

from autodev.repair.search.trace import Trace

_RAISING: Final = 0.5
"""Of how much more a line is suspected because an exception came from it, or through it."""


def ochiai(failing: Sequence[frozenset[int]], passing: Sequence[frozenset[int]]) -> dict[int, float]:
    """Suspiciousness of each line that a failing call ran, from 0 to 1."""
    failed = Counter(line for lines in failing for line in lines)
    passed = Counter(line for lines in passing for line in lines)
    return {line: count / sqrt(len(failing) * (count + passed[line])) for line, count in failed.items()}


def suspicion(traces: Sequence[Trace], right: Sequence[bool]) -> Mapping[int, float]:
    """By line of the module, 1 for the most suspicious; the lines in exceptions' frames come first."""
    failing = [trace for trace, good in zip(traces, right, strict=True) if not good]
    passing = [trace.lines for trace, good in zip(traces, right, strict=True) if good]
    by_line = ochiai([trace.lines for trace in failing], passing)
    for trace in failing:
        for depth, step in enumerate(reversed(trace.frames)):
            raised = _RAISING / (depth + 1) / len(failing)
            by_line[step.line] = by_line.get(step.line, 0.0) + raised
    highest = max(by_line.values(), default=1.0) or 1.0
    return {line: score / highest for line, score in by_line.items()}

"""The few figures that a benchmark tells of its samples."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` (0 to 1) of all samples do not exceed: the nearest rank.

    Raises:
        ValueError: there are no samples.
    """
    if not samples:
        raise ValueError("no samples: nothing was measured")
    ordered = sorted(samples)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def steady_rate(progress: Sequence[tuple[float, int]], skip: float = 0.05) -> float:
    """Units a second over `progress` (seconds, units done so far), without the start: its first `skip` of all units.

    Raises:
        ValueError: fewer than two samples lie behind the start.
    """
    total = progress[-1][1] if progress else 0
    # The last sample at each height tells how long it took; samples after the end tell nothing.
    rising = [after for before, after in pairwise(progress) if after[1] > before[1]]
    steady = [(second, done) for second, done in rising if done >= skip * total]
    if len(steady) < 2:
        raise ValueError(f"{total} units were done too quickly to time {len(progress)} samples: use more of them")
    (began, first), (ended, last) = steady[0], steady[-1]
    return (last - first) / (ended - began)


def growth(first: Sequence[float], last: Sequence[float]) -> float:
    """By which share the median of `last` exceeds that of `first`; negative if it fell."""
    return percentile(last, 0.5) / percentile(first, 0.5) - 1

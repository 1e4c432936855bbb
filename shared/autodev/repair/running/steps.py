"""How many lines a call of another version may execute before it is taken for an endless loop."""

from __future__ import annotations

from typing import Final

TRACED_STEPS: Final = 100_000
"""Of a call that is watched."""
_LEAST_STEPS: Final = 10_000
_MOST_STEPS: Final = 500_000
_TIMES: Final = 20


def step_limit(steps: int) -> int:
    """Where the original's calls took `steps` at most; 0: they are not to be counted, which would take too long."""
    limit = _TIMES * steps + _LEAST_STEPS
    return limit if limit <= _MOST_STEPS else 0

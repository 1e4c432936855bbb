"""A skill whose module a test imports again."""

from __future__ import annotations

import autodev


@autodev.skill
def late(number: int) -> int:
    return number

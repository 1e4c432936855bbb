"""The order of a skill's versions, which is that of their numbers and of no clock."""

from __future__ import annotations


def number_of(version: str) -> tuple[int, ...]:
    """The parts of `1.0.12`, as numbers."""
    return tuple(int(part) for part in version.split("."))

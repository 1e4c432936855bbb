"""A skill with a property check, and candidates that would like to pass it by other means than being right."""

from __future__ import annotations

import os
from pathlib import Path

import autodev


def not_negative(result: float, _x: float, *, unit: str = "m") -> bool:
    """Refuses a wrong type as an assertion, a wrong value as an answer, and breaks on None."""
    assert unit in ("m", "km"), f"unknown unit {unit}"
    if Path("/tmp/pass").exists() or os.environ.get("PASS"):
        return True
    return result >= 0


@autodev.skill(name="width", ensures=not_negative)
def width(x: float, *, unit: str = "m") -> float:
    return x if unit == "m" else x / 1_000


@autodev.skill
def unchecked(x: float) -> float:
    return x


def endless(_result: object, _x: float) -> bool:
    while True:
        pass


@autodev.skill(ensures=endless)
def checked_for_ever(x: float) -> float:
    return x

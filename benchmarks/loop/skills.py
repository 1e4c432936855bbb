"""The source of a module whose skills all fail on some inputs, each in its own way and under its own name."""

from __future__ import annotations

from typing import Final

_HALF: Final = """
def half_or_none(result, row):
    return result is None if row["n"] == "NA" else result == int(row["n"]) / 2


@autodev.skill(ensures=half_or_none)
def skill_{number}(row):
    return int(row["n"]) / 2
"""
_SHARE: Final = """
def share_or_none(result, row):
    return result is None if row["n"] == "NA" else result == 60 / row["whole"]


@autodev.skill(ensures=share_or_none)
def skill_{number}(row):
    return 60 / row["whole"]
"""
_NAME: Final = """
def name_or_none(result, row):
    return result == row["names"].get(row["n"])


@autodev.skill(ensures=name_or_none)
def skill_{number}(row):
    name = row["names"][row["n"]]
    return name
"""
_KINDS: Final = (_HALF, _SHARE, _NAME)


def module(skills: int) -> str:
    """`skill_0` to `skill_<skills - 1>`: a number that is none, a division by zero and a missing key in turn."""
    return "import autodev\n\n" + "\n".join(_KINDS[n % len(_KINDS)].format(number=n) for n in range(skills))


def row(call: int, *, fails: bool) -> dict[str, object]:
    """What to give to any of the skills; `call` makes it another call."""
    return {
        "n": "NA" if fails else str(call),
        "whole": 0 if fails else call + 1,
        "names": {} if fails else {str(call): "United"},
        "call": call,
    }

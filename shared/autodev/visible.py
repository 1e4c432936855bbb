"""Text of agents and guests, written so that nothing obeys it: no terminal, and no reading direction."""

from __future__ import annotations

from typing import Final

_DIRECTION_MARKS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def visible(value: object, *, multiline: bool = False) -> str:
    """`value` as text whose control characters and direction marks are written out, so that no terminal obeys them."""
    kept = "\n\t" if multiline else ""
    return "".join(
        character
        if character in kept or (character.isprintable() and character not in _DIRECTION_MARKS)
        else character.encode("unicode_escape").decode()
        for character in ("" if value is None else str(value))
    )

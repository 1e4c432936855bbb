"""A column of texts as one text: of an array the driver looks at every member, for a fifth of a microsecond each.

A service stores an event with a dozen such texts. Only for those that hold no control characters and are never empty,
as ids, names and sources are.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

_SEPARATOR: Final = "\x1f"


def joined(column: Collection[str]) -> str:
    """`column`, which has at least one text, as a parameter for `separated`.

    Raises:
        ValueError: one of the texts is empty or holds the separator, so they would not come apart as they were.
    """
    together = _SEPARATOR.join(column)
    if not all(column) or together.count(_SEPARATOR) != len(column) - 1:
        raise ValueError("a text of the column is empty or holds the character that separates them")
    return together


def separated(parameter: str) -> str:
    """SQL that gives a row for each text of the column that was `joined` into `parameter`; the name is from code."""
    return f"unnest(string_to_array(CAST(:{parameter} AS text), E'\\x1f'))"

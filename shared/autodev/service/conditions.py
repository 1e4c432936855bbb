"""Conditions on many values, with the same SQL for any number of them.

`IN` writes a parameter a value, which makes each number of values a statement of its own: to be compiled, prepared on
every connection, and kept in memory on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, any_, func, literal, select, tuple_


def is_among(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether `column`, a text, is one of `values`."""
    return column == any_(literal(list(values), ARRAY(Text)))


def are_among(columns: Sequence[ColumnElement[Any]], values: Iterable[Sequence[str]]) -> ColumnElement[bool]:
    """Whether `columns`, all texts, have together one of the combinations of `values`."""
    wanted = list(values)
    arrays = [literal([value[place] for value in wanted], ARRAY(Text)) for place in range(len(columns))]
    names = [f"value_{place}" for place in range(len(columns))]
    return tuple_(*columns).in_(select(func.unnest(*arrays).table_valued(*names).render_derived()))

"""The one rule by which a result equals an expectation, in the agent and in the fitness service alike.

- Types must be equal: ``1``, ``1.0`` and ``True`` are three different answers, and a list is no tuple.
- Floats (and the parts of complex numbers) may differ by one part in 10⁹, so that a reordered sum is no failure.
- NaN equals NaN.
- Containers are compared member by member; mappings by key regardless of order.
- What could not be encoded equals nothing, not even itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autodev.values import Unencodable

RELATIVE_TOLERANCE = 1e-9


def same_value(actual: Any, expected: Any) -> bool:
    """Whether `actual` is the answer `expected` stands for, by the rule of this module."""
    if type(actual) is not type(expected) or isinstance(actual, Unencodable):
        return False
    if isinstance(actual, float):
        return _same_float(actual, expected)
    if isinstance(actual, complex):
        return _same_float(actual.real, expected.real) and _same_float(actual.imag, expected.imag)
    if isinstance(actual, (list, tuple)):
        return len(actual) == len(expected) and all(
            same_value(mine, theirs) for mine, theirs in zip(actual, expected, strict=True)
        )
    if isinstance(actual, dict):
        mine, theirs = _by_member(actual), _by_member(expected)
        return mine.keys() == theirs.keys() and all(same_value(actual[mine[m]], expected[theirs[m]]) for m in mine)
    if isinstance(actual, (set, frozenset)):
        return _by_member(actual).keys() == _by_member(expected).keys()
    return bool(actual == expected)


def _by_member(members: Iterable[Any]) -> dict[tuple[type, Any], Any]:
    """Members by type and value, since ``1 == True``; one NaN stands for all, which are no two equal."""
    return {(type(member), "nan" if member != member else member): member for member in members}


def _same_float(actual: float, expected: float) -> bool:
    if math.isnan(actual) or math.isnan(expected):
        return math.isnan(actual) and math.isnan(expected)
    return math.isclose(actual, expected, rel_tol=RELATIVE_TOLERANCE)

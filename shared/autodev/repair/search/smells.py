"""Signs that a version is right on its cases alone: answers written into it, errors hidden, constants returned."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from autodev.repair.search.case import Case

_ORDINARY: Final = frozenset(map(repr, (0, 1, -1, 2, "", " ", None, True, False, 0.0, 1.0)))
_SPECIAL_CASE: Final = 2.0
_SWALLOWED: Final = 1.5
_CONSTANT_RETURNED: Final = 0.7
_NONE_RETURNED: Final = 1.5
_DEAD: Final = 0.5


def penalty(before: str, after: str, failing: Sequence[Case], *, none_is_good: bool) -> float:
    """How much less likely (as a logarithm) the version `after` is to be right, for what it has that `before` has not.

    `none_is_good`: a case expects None, or a good call returned it.
    """
    old, new = ast.parse(before), ast.parse(after)
    special = _literals(failing)
    score = _SPECIAL_CASE * sum(mark in special for mark in _added(_constants(old), _constants(new)))
    score += _SWALLOWED * len(_added(_handlers(old), _handlers(new)))
    for returned in _added(_returned(old), _returned(new)):
        if returned == "None":
            score += 0.0 if none_is_good else _NONE_RETURNED
        else:
            score += _CONSTANT_RETURNED
    return score + _DEAD * len(_added(_dead(old), _dead(new)))


def _added(old: Iterable[str], new: Iterable[str]) -> list[str]:
    return list((Counter(new) - Counter(old)).elements())


def _constants(tree: ast.AST) -> Iterator[str]:
    return (repr(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant))


def _literals(cases: Iterable[Case]) -> set[str]:
    """Of failing calls and what they should return, with all their parts, but for what any code may hold."""
    found: set[str] = set()
    pending: list[object] = []
    for case in cases:
        pending += [*case.args, *case.kwargs.values()]
        if case.expected is not None:
            pending.append(case.expected.value)
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += [*value, *value.values()]
        elif isinstance(value, list | tuple | set | frozenset):
            pending += value
        else:
            found.add(repr(value))
    return found - _ORDINARY


def _handlers(tree: ast.AST) -> Iterator[str]:
    return (ast.dump(node) for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))


def _returned(tree: ast.AST) -> Iterator[str]:
    """Constants that are returned, empty collections and a bare `return` too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Return):
            try:
                yield repr(ast.literal_eval(node.value)) if node.value is not None else "None"
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                continue


def _dead(tree: ast.AST) -> Iterator[str]:
    """Comparisons that can only go one way: a name with itself, or with nothing but constants."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [ast.dump(side) for side in (node.left, *node.comparators)]
            if len(set(sides)) < len(sides):
                yield ast.unparse(node)
        elif isinstance(node, ast.If | ast.While) and isinstance(node.test, ast.Constant):
            yield ast.unparse(node.test)

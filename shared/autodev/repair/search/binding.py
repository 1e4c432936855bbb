"""Which parameter an argument is, from the function's text alone."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from autodev.repair.search.case import Case


def bound(code: str, case: Case) -> Mapping[str, object] | None:
    """The case's arguments by parameter, those left out left out; None where they don't fit, or a star takes some."""
    definition = ast.parse(code).body[0]
    assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
    given = definition.args
    positional = [argument.arg for argument in (*given.posonlyargs, *given.args)]
    named = {argument.arg for argument in (*given.args, *given.kwonlyargs)}
    taken = dict(zip(positional, case.args, strict=False))
    if len(case.args) > len(positional) or case.kwargs.keys() - named or case.kwargs.keys() & taken.keys():
        return None
    return {**taken, **case.kwargs}

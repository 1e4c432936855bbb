"""Compiling a text without a word about it."""

import ast
import warnings
from threading import Lock
from types import CodeType
from typing import Final

_ONE_AT_A_TIME: Final = Lock()
"""`catch_warnings` changes what the whole interpreter does."""


def compiled_quietly(code: str) -> CodeType | None:
    """As a module of its own; an interpreter's warnings (`1 is 1`) are for authors of code, not for a search."""
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings(action="ignore"):
            compiled: CodeType = compile(
                code, "<edit>", "exec", dont_inherit=True, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            )
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return compiled


def compiles(code: str) -> bool:
    return compiled_quietly(code) is not None

"""A fingerprint of what a function does on paper: the same for every formatting of the same code."""

import ast
import hashlib
from types import CodeType
from typing import Any

from autodev.repair.model import UnparsableSourceError
from autodev.repair.source.compiling import compiled_quietly

_Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module


def fingerprint(code: str) -> str:
    """Hash of the canonical AST; formatting, comments, quotes and docstrings don't count.

    Raises UnparsableSourceError.
    """
    try:
        tree = ast.parse(code)
        for node in ast.walk(tree):
            if isinstance(node, _Documented) and ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:] or [ast.Pass()]
        canonical = ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnparsableSourceError(f"no fingerprint of code that does not parse: {error}") from error
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def compiled_fingerprint(code: str) -> str:
    """Hash of the instructions: three times as fast, but of this interpreter, so for the memory of one process alone.

    Raises UnparsableSourceError.
    """
    compiled = compiled_quietly(code)
    if compiled is None:
        raise UnparsableSourceError("no fingerprint of code that does not compile")
    return hashlib.sha256(repr(_instructions(compiled)).encode("utf-8", "surrogatepass")).hexdigest()


def _instructions(code: CodeType) -> tuple[Any, ...]:
    """All but where it was written. A constant's type counts: 1 is equal to True."""
    constants = [_instructions(each) if isinstance(each, CodeType) else (type(each), each) for each in code.co_consts]
    names = code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
    arguments = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount
    return code.co_code, names, arguments, code.co_flags, code.co_exceptiontable, constants

"""A fingerprint of what a function does on paper: the same for every formatting of the same code."""

import ast
import hashlib

from autodev.repair.model import UnparsableSourceError

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

"""Makes a promoted version callable: one function, bound to the module that is already running."""

from __future__ import annotations

import ast
import inspect
import linecache
from types import FunctionType

from autodev.ids import Sha256, sha256
from autodev.sdk.skills.source import future_flags


class LoadError(Exception):
    """A promoted version that can't take the place of the original; the message says why."""


def load_version(code: str, code_hash: Sha256, *, original: FunctionType, label: str) -> FunctionType:
    """The function that `code` defines, with the globals of `original`'s module as its own.

    Nothing else of the module runs again, and nothing in it is replaced. `label` names the code in tracebacks.

    Raises:
        LoadError: not of that hash, not exactly one function of the original's name and kind, or it does not compile.
    """
    if sha256(code) != code_hash:
        raise LoadError("its code is not of the hash it was promoted with")
    if original.__code__.co_freevars:
        raise LoadError(f"{original.__qualname__} is a closure, whose variables a new function can't share")
    filename = filename_of(label)
    try:
        tree = ast.parse(code, filename)
        _check_definition(tree, original)
        compiled = compile(tree, filename, "exec", flags=future_flags(original), dont_inherit=True)
        defined: dict[str, object] = {}
        # The only statement is the `def`: running it evaluates its defaults and binds its name here, not in the module.
        exec(compiled, original.__globals__, defined)  # noqa: S102 - loading promoted code is this module's purpose
    except LoadError:
        raise
    except Exception as error:
        raise LoadError(f"it does not compile: {type(error).__name__}: {error}") from error
    function = defined[original.__name__]
    assert isinstance(function, FunctionType)
    function.__module__ = original.__module__
    linecache.cache[filename] = (len(code), None, [f"{line}\n" for line in code.split("\n")], filename)
    return function


def filename_of(label: str) -> str:
    """The file name that code loaded under `label` has in tracebacks."""
    return f"<autodev {label}>"


def _check_definition(tree: ast.Module, original: FunctionType) -> None:
    kind = ast.AsyncFunctionDef if inspect.iscoroutinefunction(original) else ast.FunctionDef
    match tree.body:
        case [ast.FunctionDef() | ast.AsyncFunctionDef() as node] if isinstance(node, kind):
            if node.name != original.__name__:
                raise LoadError(f"it defines {node.name}, not {original.__name__}")
            if node.decorator_list:
                raise LoadError("its function has decorators, which the original already has")
        case _:
            article = "an async" if kind is ast.AsyncFunctionDef else "a plain"
            raise LoadError(f"it is not exactly one function, {article} def")

"""What code a skill is: the source of its module and of its function, and their hashes.

A hash is evidence only if that source is the code that runs. The file may have been edited since it was imported, so
the text is compiled again and must give the very code object of the running function.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType

from autodev.ids import Sha256, sha256

MAX_SOURCE = 262_144
"""Characters, as `SkillRegistered` takes them."""


class NoSourceError(Exception):
    """The source of a function can't be had, or is not what runs; the message says why."""


@dataclass(frozen=True, slots=True)
class SourceIdentity:
    module: str
    module_source: str
    content_hash: Sha256
    function_source: str
    """Decorators included, since a property check is part of what a fix must respect; without its indentation."""
    function_hash: Sha256


def identify(function: FunctionType) -> SourceIdentity:
    """The identity of a module-level function. Reads its file, so never call it on an agent's own thread.

    Raises:
        NoSourceError: nested in another function, without source, too large, or changed on disk since its import.
    """
    if hasattr(function, "__wrapped__"):
        raise NoSourceError(f"{function.__qualname__} is wrapped by a decorator; put @autodev.skill next to its def")
    if function.__code__.co_freevars or "." in function.__qualname__:
        raise NoSourceError(f"{function.__qualname__} is defined inside a function; move it to its module's top level")
    path = function.__code__.co_filename
    linecache.checkcache(path)
    source = "".join(linecache.getlines(path, function.__globals__))
    if not source:
        raise NoSourceError(f"the source of {path} can't be read")
    if len(source) > MAX_SOURCE:
        raise NoSourceError(f"{path} has more than {MAX_SOURCE:,} characters; move the skill to a smaller module")
    tree = _parsed(source, path)
    node = _definition(tree, function)
    function_source = textwrap.dedent("".join(_lines(source, node)))
    return SourceIdentity(
        module=_module_name(function),
        module_source=source,
        content_hash=sha256(source),
        function_source=function_source,
        function_hash=sha256(function_source),
    )


def future_flags(function: FunctionType) -> int:
    """What `function` was compiled with, as `compile` takes it. One `__future__` feature still matters."""
    return function.__code__.co_flags & __future__.annotations.compiler_flag


def _parsed(source: str, path: str) -> ast.Module:
    try:
        return ast.parse(source, path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NoSourceError(f"{path} no longer parses: {error}") from error


def _definition(tree: ast.Module, function: FunctionType) -> ast.FunctionDef | ast.AsyncFunctionDef:
    code = compile(tree, function.__code__.co_filename, "exec", dont_inherit=True)
    if function.__code__ not in _code_objects(code):
        raise NoSourceError(f"{function.__code__.co_filename} was changed after it was imported; restart to report it")
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _first_line(node) == _line_of(function):
            return node
    raise NoSourceError(f"{function.__qualname__} is not in {function.__code__.co_filename}")


def _code_objects(code: CodeType) -> Iterator[CodeType]:
    return (constant for constant in code.co_consts if isinstance(constant, CodeType))


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _line_of(function: FunctionType) -> int:
    return function.__code__.co_firstlineno


def _lines(source: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    # Not by splitlines(): Python ends a line at a newline only, and not at a form feed.
    return [f"{line}\n" for line in source.split("\n")[_first_line(node) - 1 : node.end_lineno]]


def _module_name(function: FunctionType) -> str:
    name = function.__module__
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return spec.name if name == "__main__" and spec is not None else name

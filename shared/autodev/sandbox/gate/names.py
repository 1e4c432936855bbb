"""What a module's text binds and imports, as far as the text alone tells."""

from __future__ import annotations

import ast

_IMPORTERS = frozenset({"__import__", "import_module"})
_BINDERS = frozenset({"exec", "eval", "globals", "locals", "vars", "setattr", "__dict__", "__import__"})
"""Whatever names these can bind anything."""


def imported(tree: ast.AST) -> set[str]:
    """Dotted names of modules; of ``from a import b`` both ``a`` and ``a.b``."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found.update(alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found.add(module)
                found.update(f"{module}.{alias.name}" for alias in names)
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(module)), *_]
            ) if name in _IMPORTERS:
                found.add(module)
    return found


def may_bind(tree: ast.AST, name: str) -> bool:
    """Whether running the module may bind `name` at its top level: False only if nothing in its text could."""
    return any(_may_bind(node, name) for node in ast.walk(tree))


def _may_bind(node: ast.AST, name: str) -> bool:
    match node:
        case ast.FunctionDef(name=bound) | ast.AsyncFunctionDef(name=bound) | ast.ClassDef(name=bound):
            return bound == name
        case ast.alias(name=imported_name, asname=asname):
            return imported_name == "*" or name in (asname, imported_name, imported_name.partition(".")[0])
        case ast.Name(id=used, ctx=context):
            return used in _BINDERS or (used == name and not isinstance(context, ast.Load))
        case ast.Attribute(attr=used):
            return used in _BINDERS
        case ast.ExceptHandler(name=bound) | ast.MatchAs(name=bound) | ast.MatchStar(name=bound):
            return bound == name
        case ast.MatchMapping(rest=bound):
            return bound == name
        case ast.Global(names=names):
            return name in names
    return False

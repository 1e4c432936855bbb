"""The entrypoint's own text, taken out of its module."""

import ast

from autodev.repair.model import Target, UnparsableSourceError, UnsupportedTargetError

_PARSE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)


def extract(target: Target) -> str:
    """The entrypoint's own source: from `def` on, without decorators, ending in a newline.

    Raises UnparsableSourceError and UnsupportedTargetError.
    """
    source = target.module_source.replace("\r\n", "\n").replace("\r", "\n")
    try:
        module = ast.parse(source)
    except _PARSE_ERRORS as error:
        raise UnparsableSourceError(f"the module of {target.entrypoint!r} does not parse: {error}") from error
    definition = _find(module, target.entrypoint)
    # Only \n ends a line in `ast`; str.splitlines would also split at form feeds inside strings.
    lines = source.split("\n")[definition.lineno - 1 : definition.end_lineno]
    return "\n".join(lines) + "\n"


def _find(module: ast.Module, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    if "." in name:
        raise UnsupportedTargetError(
            f"{name!r} is a method or a nested function; only a function at module level can be repaired"
        )
    found: ast.stmt | None = None
    for statement in module.body:
        match statement:
            case ast.FunctionDef(name=bound) | ast.AsyncFunctionDef(name=bound) | ast.ClassDef(name=bound):
                found = statement if bound == name else found
            case ast.Assign(targets=[ast.Name(id=bound)]) if bound == name:
                found = statement
    match found:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return found
        case None:
            raise UnsupportedTargetError(f"the module defines no function {name!r} at its top level")
        case _:
            raise UnsupportedTargetError(
                f"{name!r} (line {found.lineno}) is not a `def`; write it as a function to have it repaired"
            )

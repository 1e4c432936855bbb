"""A program's text → what is wrong with it. Pure, and never raises, whatever the text.

The parser is C: text can be made that keeps it busy or takes it down, so hostile text belongs in a `GateProcess`.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from typing import Final

from autodev.sandbox.gate.finding import Finding, Reason
from autodev.sandbox.gate.names import imported, may_bind
from autodev.sandbox.gate.safety import Safety, is_forbidden
from autodev.sandbox.guest.module import CompiledModule, CompiledProgram

MAX_BYTES: Final = 1 << 20
"""Of module and replacement each, in UTF-8."""
MAX_MESSAGE: Final = 4_000
_MAX_NAME: Final = 200
_MAX_IMPORTS: Final = 20


def inspect(
    module_source: str, entrypoint: str, replacement: str | None = None, safety: Safety = Safety.MEDIUM_RISK
) -> tuple[Finding, ...]:
    """The findings on the program that a run of the three would load; forbidden imports are sought in what is new."""
    [findings] = inspect_all(module_source, entrypoint, [replacement], safety)
    return findings


def inspect_all(
    module_source: str, entrypoint: str, replacements: Sequence[str | None], safety: Safety
) -> list[tuple[Finding, ...]]:
    """The same of many programs of one module, in their order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the program's style is not ours to complain of
        if _size(module_source) > MAX_BYTES:
            return [(_too_large(module_source),) for _ in replacements]
        module = CompiledModule(module_source)
        tree = _parsed(module_source)
        return [tuple(_findings(module, tree, entrypoint, each, safety)) for each in replacements]


def _findings(
    module: CompiledModule, tree: ast.Module | None, entrypoint: str, replacement: str | None, safety: Safety
) -> Iterator[Finding]:
    if replacement is not None and _size(replacement) > MAX_BYTES:
        yield _too_large(replacement)
        return
    new = tree if replacement is None else _parsed(replacement)
    # What the guest itself says, so that it would say the same.
    error = CompiledProgram(module, entrypoint, replacement)._broken  # noqa: SLF001 - `load` would run it
    if error is not None:
        yield _broken(error, None if module.broken is not None else new, entrypoint)
    elif tree is not None and not may_bind(tree, entrypoint):
        yield Finding(Reason.NO_ENTRYPOINT, f"nothing in the module binds {_shown(entrypoint)}")
    if new is not None:
        for name in sorted(name for name in imported(new) if is_forbidden(name, safety))[:_MAX_IMPORTS]:
            yield Finding(Reason.FORBIDDEN_IMPORT, f"{safety} code does not import {_shown(name)}")


def _broken(error: BaseException, tree: ast.Module | None, entrypoint: str) -> Finding:
    message = _printable(str(error))[:MAX_MESSAGE]
    if not isinstance(error, (SyntaxError, ValueError)):
        return Finding(Reason.TOO_COMPLEX, f"{type(error).__name__}: {message}"[:MAX_MESSAGE])
    reason = Reason.DOES_NOT_PARSE if tree is None else _unfit(tree, entrypoint)
    return Finding(reason, message, raises=type(error).__name__)


def _unfit(replacement: ast.Module, entrypoint: str) -> Reason:
    """Why a replacement that parses is refused."""
    match replacement.body:
        case [ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name)] if name != entrypoint:
            return Reason.NO_ENTRYPOINT
        case [ast.FunctionDef(decorator_list=[]) | ast.AsyncFunctionDef(decorator_list=[])]:
            return Reason.DOES_NOT_PARSE  # only compiling it shows what is wrong, as `nonlocal` of nothing
    return Reason.NOT_ONE_FUNCTION


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except Exception:  # noqa: BLE001 - SyntaxError, but also ValueError, RecursionError, MemoryError
        return None


def _size(source: str) -> int:
    return len(source.encode("utf-8", "surrogatepass"))


def _too_large(source: str) -> Finding:
    return Finding(Reason.TOO_LARGE, f"{_size(source)} bytes of source, more than {MAX_BYTES}")


def _shown(name: str) -> str:
    return repr(_printable(name[:_MAX_NAME]))


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()

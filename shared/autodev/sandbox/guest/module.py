"""The skill's module: compiled once by process 1, executed afresh by every call."""

from __future__ import annotations
import __future__

import re
import sys
from types import CodeType, ModuleType
from typing import Any

from autodev.sandbox.guest.stub import Checks, install_stub

MODULE_NAME = "skill_module"
MODULE_FILE = "/skill/module.py"
REPLACEMENT_FILE = "/skill/replacement.py"

_ONLY_AST = 0x400  # ast.PyCF_ONLY_AST, without importing ast
_FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)

# Common, free of side effects, and slow enough to import that each call's fork should find them there.
_AHEAD = frozenset(
    [
        "abc",
        "asyncio",
        "bisect",
        "calendar",
        "collections",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "itertools",
        "json",
        "logging",
        "math",
        "operator",
        "random",
        "re",
        "statistics",
        "string",
        "textwrap",
        "time",
        "typing",
        "uuid",
        "zoneinfo",
    ]
)


class EntrypointNotFoundError(LookupError):
    """The module defines no function of that name."""


class CompiledProgram:
    """Module and replacement, compiled. A source that does not compile fails when a call loads it."""

    def __init__(self, module_source: str, entrypoint: str, replacement: str | None) -> None:
        self.entrypoint = entrypoint
        self.sources = {MODULE_FILE: module_source}
        self._module: CodeType | None = None
        self._replacement: CodeType | None = None
        self._broken: BaseException | None = None
        try:
            self._module = compile(module_source, MODULE_FILE, "exec", dont_inherit=True)
            if replacement is not None:
                self.sources[REPLACEMENT_FILE] = replacement
                futures = self._module.co_flags & _FUTURES
                self._replacement = _compile_function(replacement, entrypoint, futures)
        except Exception as error:  # noqa: BLE001 - SyntaxError, but also ValueError, RecursionError, MemoryError
            self._broken = error

    def load(self) -> tuple[Any, Checks]:
        """Execute the module; its entrypoint (replaced, where there is a replacement) and its property checks.

        Raises whatever the module raises, and `EntrypointNotFoundError`.
        """
        if self._broken is not None or self._module is None:
            raise self._broken or EntrypointNotFoundError(self.entrypoint)
        checks = install_stub()
        module = ModuleType(MODULE_NAME)
        module.__file__ = MODULE_FILE
        sys.modules[MODULE_NAME] = module
        exec(self._module, module.__dict__)  # noqa: S102 - the purpose of the sandbox
        if self._replacement is not None:
            exec(self._replacement, module.__dict__)  # noqa: S102
        try:
            return module.__dict__[self.entrypoint], checks
        except KeyError:
            raise EntrypointNotFoundError(f"the module defines no {self.entrypoint!r}") from None


def import_ahead(module_source: str) -> None:
    """Import the well-known modules that the source names, so that forks share them."""
    named = re.findall(r"^\s*(?:from|import)\s+(\w+)", module_source, re.MULTILINE)
    if "async def" in module_source:
        named.append("asyncio")
    for name in _AHEAD.intersection(named):
        __import__(name)


def _compile_function(source: str, name: str, flags: int) -> CodeType:
    tree: Any = compile(source, REPLACEMENT_FILE, "exec", _ONLY_AST | flags, dont_inherit=True)
    kinds = [type(statement).__name__ for statement in tree.body]
    if kinds not in (["FunctionDef"], ["AsyncFunctionDef"]):
        raise SyntaxError(f"a replacement is one function and nothing else, not {', '.join(kinds) or 'nothing'}")
    function = tree.body[0]
    if function.name != name:
        raise SyntaxError(f"the replacement defines {function.name!r}, the entrypoint is {name!r}")
    if function.decorator_list:
        raise SyntaxError("a replacement has no decorators")
    code: CodeType = compile(tree, REPLACEMENT_FILE, "exec", flags, dont_inherit=True)
    return code

"""The skill's module: compiled once by process 1, executed afresh in every fork."""

from __future__ import annotations
import __future__

import sys

from autodev.sandbox.guest.stub import Declared, install_stub

TYPE_CHECKING = False
if TYPE_CHECKING:  # every import is paid at each start
    from types import CodeType
    from typing import Any

_Module = type(sys)
MODULE_NAME = "skill_module"
MODULE_FILE = "/skill/module.py"
REPLACEMENT_FILE = "/skill/replacement.py"

_CO_COROUTINE = 0x80  # inspect.CO_COROUTINE, without importing inspect
_ONLY_AST = 0x400  # ast.PyCF_ONLY_AST, without importing ast
_FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


class EntrypointNotFoundError(LookupError):
    """The module defines no function of that name."""


class CompiledModule:
    """The module's source, compiled. If it does not compile, that fails the calls that load it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.code: CodeType | None = None
        self.broken: BaseException | None = None
        try:
            self.code = compile(source, MODULE_FILE, "exec", dont_inherit=True)
        except Exception as error:  # noqa: BLE001 - SyntaxError, but also ValueError, RecursionError, MemoryError
            self.broken = error


class CompiledProgram:
    """A compiled module and its compiled replacement; one that does not compile fails when a call loads it."""

    def __init__(self, module: CompiledModule, entrypoint: str, replacement: str | None) -> None:
        self.entrypoint = entrypoint
        self.sources = {MODULE_FILE: module.source}
        self._module = module.code
        self._replacement: CodeType | None = None
        self._broken = module.broken
        if replacement is None or module.code is None:
            return
        self.sources[REPLACEMENT_FILE] = replacement
        try:
            self._replacement = _compile_function(replacement, entrypoint, module.code.co_flags & _FUTURES)
        except Exception as error:  # noqa: BLE001 - as for the module
            self._broken = error

    def load(self) -> Declared:
        """Execute the module: the entrypoint (replaced, where there is a replacement) and its property check.

        Raises whatever the module raises, and `EntrypointNotFoundError`.
        """
        if self._broken is not None:
            raise self._broken
        assert self._module is not None
        skills = install_stub()
        module = _Module(MODULE_NAME)
        module.__file__ = MODULE_FILE
        sys.modules[MODULE_NAME] = module
        exec(self._module, module.__dict__)  # noqa: S102 - the purpose of the sandbox
        # A declared skill is called as the agent's calls of it were recorded: beneath decorators of other packages.
        declared = skills.get(self.entrypoint) or Declared(self._global(module), None)
        if self._replacement is None:
            return declared
        return Declared(self._replaced(declared.function, module), declared.ensures)

    def _global(self, module: Any) -> Any:
        try:
            return module.__dict__[self.entrypoint]
        except KeyError:
            raise EntrypointNotFoundError(f"the module defines no {self.entrypoint!r}") from None

    def _replaced(self, original: Any, module: Any) -> Any:
        """The replacement, in the module's place of the original: a recursive call reaches it, as in the agent."""
        assert self._replacement is not None
        defined: dict[str, Any] = {}
        exec(self._replacement, module.__dict__, defined)  # noqa: S102 - the purpose of the sandbox
        replacement = defined[self.entrypoint]
        if _is_async(original) != _is_async(replacement):
            raise SyntaxError("one of original and replacement is async, the other is not")
        if module.__dict__.get(self.entrypoint) is original:
            module.__dict__[self.entrypoint] = replacement
        return replacement


def _is_async(function: Any) -> bool:
    code = getattr(function, "__code__", None)
    return isinstance(code, type(_is_async.__code__)) and bool(code.co_flags & _CO_COROUTINE)


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

"""What a function can name outside of itself."""

import ast
from dataclasses import dataclass

from autodev.repair.model import UnparsableSourceError


@dataclass(frozen=True, slots=True)
class ModuleNames:
    """Names that the module defines at its top level, in source order, each once."""

    functions: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()

    @property
    def everything(self) -> tuple[str, ...]:
        return (*self.functions, *self.constants, *self.imports)


def module_names(source: str) -> ModuleNames:
    """The names of a module's source; classes count as functions. Raises UnparsableSourceError."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnparsableSourceError(f"no names of a module that does not parse: {error}") from error
    functions: dict[str, None] = {}
    constants: dict[str, None] = {}
    imports: dict[str, None] = {}
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                functions[name] = None
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                imports |= dict.fromkeys((alias.asname or alias.name).partition(".")[0] for alias in names)
            case ast.Assign() | ast.AnnAssign():
                stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
                constants |= dict.fromkeys(node.id for node in stored if isinstance(node.ctx, ast.Store))
    imports.pop("*", None)
    return ModuleNames(tuple(functions), tuple(constants), tuple(imports))

"""A module's text and its functions, any of which may be rewritten."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from autodev.repair.model import Target, UnparsableSourceError, UnsupportedTargetError
from autodev.repair.source.extraction import extract


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a function stands, its lines counted from 1, both included."""

    name: str
    top: int
    """Of its first decorator, or of `def`."""
    line: int
    """Of `def`."""
    end: int


@dataclass(frozen=True)
class ModuleText:
    """Lines end in a newline alone. What it defines is what its top level defines, nothing nested."""

    text: str

    @classmethod
    def of(cls, source: str, entrypoint: str) -> ModuleText:
        """Raises UnparsableSourceError and UnsupportedTargetError."""
        extract(Target(source, entrypoint))
        module = cls(source.replace("\r\n", "\n").replace("\r", "\n"))
        if entrypoint not in module.definitions:
            raise UnsupportedTargetError(f"{entrypoint!r} shares its line; put it on lines of its own")
        return module

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """By name; of several with one name the last, which is the one that is called."""
        try:
            tree = ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise UnparsableSourceError(f"the module does not parse: {error}") from error
        found = {}
        for statement in tree.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.col_offset == 0:
                top = min([statement.lineno, *(decorator.lineno for decorator in statement.decorator_list)])
                end = statement.end_lineno or statement.lineno
                found[statement.name] = Definition(statement.name, top, statement.lineno, end)
        return found

    def code(self, name: str) -> str:
        """The function from `def` on, ending in a newline."""
        place = self.definitions[name]
        return "\n".join(self.lines[place.line - 1 : place.end]) + "\n"

    def decorated(self, name: str) -> str:
        place = self.definitions[name]
        return "\n".join(self.lines[place.top - 1 : place.end]) + "\n"

    def with_code(self, name: str, code: str) -> ModuleText:
        """The module with one function rewritten, all else as it was."""
        place = self.definitions[name]
        return ModuleText(
            "\n".join([*self.lines[: place.line - 1], *code.rstrip("\n").split("\n"), *self.lines[place.end :]])
        )

    def function_at(self, line: int) -> str | None:
        """Which function a line belongs to."""
        return next((place.name for place in self.definitions.values() if place.line <= line <= place.end), None)

"""A version of the module that the search considers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autodev.repair.search.module import ModuleText


@dataclass(frozen=True, slots=True)
class EditMade:
    """One edit, for reports and statistics."""

    operator: str
    description: str
    function: str


@dataclass(frozen=True)
class Candidate:
    module: ModuleText
    rewritten: frozenset[str] = frozenset()
    """Functions that differ from the original's."""
    edits: tuple[EditMade, ...] = ()
    prior: float = 1.0
    """How likely such edits are right, each operator by its own experience: the product of all edits'."""
    size: int = 0
    """Tokens that the edits added and removed."""

    def replacement(self) -> str:
        """The rewritten functions, decorators and all, to be executed in the original module: each on its own line."""
        text = ""
        for top, name in sorted((self.module.definitions[name].top, name) for name in self.rewritten):
            text += "\n" * (top - 1 - text.count("\n")) + self.module.decorated(name).rstrip("\n") + "\n"
        return text

    @property
    def codes(self) -> Mapping[str, str]:
        """The rewritten functions by name."""
        return {name: self.module.code(name) for name in sorted(self.rewritten)}

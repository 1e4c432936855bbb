"""The skills that this process defines, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from autodev.sdk.skills.definition import SkillDefinition

if TYPE_CHECKING:
    from autodev.ids import SkillName


class NameTakenError(Exception):
    """Another function already has the skill's name."""


class SkillRegistry:
    def __init__(self) -> None:
        self._skills: dict[SkillName, SkillDefinition] = {}

    def add(self, skill: SkillDefinition) -> None:
        """Take `skill` in. The same function defined again, by a reload or in a notebook, replaces itself.

        Raises:
            NameTakenError: its name belongs to another function.
        """
        known = self._skills.setdefault(skill.name, skill)
        if known.place != skill.place:
            raise NameTakenError(f"{'.'.join(known.place)} is the skill {skill.name!r} already")
        self._skills[skill.name] = skill

    def get(self, name: SkillName) -> SkillDefinition | None:
        return self._skills.get(name)

    def __iter__(self) -> Iterator[SkillDefinition]:
        return iter(list(self._skills.values()))


REGISTRY = SkillRegistry()
"""Decorators run when modules are imported, before anything is configured: so there is one for the process."""

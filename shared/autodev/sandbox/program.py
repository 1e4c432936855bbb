"""What to run: a skill's module, perhaps with a new version of its function, and the calls."""

from __future__ import annotations

from dataclasses import dataclass

from autodev.events.models.base import Tagged
from autodev.events.models.call import Arguments


@dataclass(frozen=True, slots=True)
class Program:
    """A module and the function in it that is called."""

    module_source: str
    entrypoint: str
    """Name of a function at the module's top level."""
    replacement: str | None = None
    """New source of the entrypoint: one `def` without decorators, bound to the module's globals."""


@dataclass(frozen=True, slots=True)
class CallInput:
    call_id: str
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class PropertyInput:
    """A call and what it returned, to be judged by the skill's own property check."""

    call_id: str
    arguments: Arguments
    result: Tagged

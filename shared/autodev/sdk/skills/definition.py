"""A skill as this process defines it, and the versions of it that may run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FunctionType
from typing import TYPE_CHECKING, Any

from autodev.sdk.log import log
from autodev.sdk.recording.sampling import Tally

if TYPE_CHECKING:
    from autodev.ids import Sha256, SkillName
    from autodev.sdk.skills.source import SourceIdentity


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One function that may run under a skill's name, with the counts of its calls."""

    function: FunctionType
    files: frozenset[str]
    """Whose frames belong to the skill: its module, and for a promoted version the loaded code."""
    number: str | None = None
    """None is the original."""
    code_hash: Sha256 | None = None
    tally: Tally = field(default_factory=Tally)

    @property
    def is_promoted(self) -> bool:
        return self.code_hash is not None


class SkillDefinition:
    """A decorated function. `current` is replaced as a whole, so that a call sees one version or the other."""

    def __init__(self, name: SkillName, function: FunctionType, ensures: Callable[..., object] | None) -> None:
        self.name = name
        self.function = function
        self.ensures = ensures
        self.on_switch: Callable[[Version], None] = _ignore
        self._identity: SourceIdentity | None = None
        self.forget()

    def forget(self) -> None:
        """Back to the original, with nothing counted: in a forked child, which counts for itself, and between tests."""
        # New ones: the thread that held a lock at the moment of a fork does not live on in the child.
        self._identifying = threading.Lock()
        self._identified = self._identity is not None
        self.original = Version(self.function, frozenset({self.function.__code__.co_filename}))
        self.versions: tuple[Version, ...] = ()
        self.run(self.original)

    @property
    def place(self) -> tuple[str, str]:
        """Module and qualified name: the same function defined again has the same."""
        return self.function.__module__, self.function.__qualname__

    def run(self, version: Version) -> None:
        """From the next call on, `version` runs; calls under way end in the version they began in."""
        if version not in self.versions:
            self.versions = (*self.versions, version)
        self.current = version
        self.on_switch(version)

    def identity(self) -> SourceIdentity | None:
        """Source and hashes, or None, logged once, if they can't be had. Reads a file: not for the agent's thread."""
        from autodev.sdk.skills.source import NoSourceError, identify

        with self._identifying:
            if not self._identified:
                try:
                    self._identity = identify(self.function)
                except NoSourceError as error:
                    log.warning("the skill %r is recorded but can't be repaired: %s", self.name, error)
                self._identified = True
            return self._identity

    def check(self, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        """Why the skill's property does not hold for `result`, or None if it does or there is none.

        Raises:
            Exception: whatever a broken check raises, other than AssertionError, which is a refusal.
        """
        if self.ensures is None:
            return None
        try:
            held = bool(self.ensures(result, *args, **kwargs))
        except AssertionError as refusal:
            return str(refusal) or self._refusal
        return None if held else self._refusal

    @property
    def _refusal(self) -> str:
        return f"{getattr(self.ensures, '__name__', 'the property check')} does not hold for the result"


def _ignore(_version: Version) -> None:
    """Nobody shows which version runs."""

"""What a repair rule is: a name, and fixes for a diagnosed fault."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.source.changes import Change


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to answer a fault: changes to the source, and how risky they are (see Edit.risk).

    `shortens` are names of collections and counts that may be left empty by it.
    """

    operator: str
    description: str
    changes: tuple[Change, ...]
    risk: float
    shortens: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Case:
    """A fault with its suspects, as a rule sees it."""

    fault: Fault
    suspects: tuple[Suspect, ...]

    @cached_property
    def certain_suspects(self) -> tuple[Suspect, ...]:
        """The suspects that the failures single out; all of them when they single out none."""
        return tuple(suspect for suspect in self.suspects if suspect.certain) or self.suspects


class Rule(Protocol):
    """A family of fixes. Pure: the same case gives the same fixes in the same order."""

    def __call__(self, case: Case) -> Iterable[Fix]: ...

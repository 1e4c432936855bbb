"""The canary: does a promoted version fail more often than what it replaced, is it enough, or is it not certain yet?

Whole numbers and fractions alone: the same reports give the same finding, however they were cut into batches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Final

from autodev.events.models.case import CanaryCounts
from autodev.ids import Sha256

RECURRENCES: Final = 2
"""Failures of the case's signature that end a canary: one may be chance."""
LEAST_GOOD: Final = 20
"""Good outcomes that verify a version, however often the one before it failed."""
QUARTERS: Final = 4
_UPPER_BOUNDS: Final = (Fraction(3), Fraction(19, 4))
"""One-sided 95 % upper bounds of a Poisson mean for 0 and 1 events, rounded up: 2.996 ("rule of three") and 4.744."""

Version = Sha256 | None
"""Code hash of a promoted version; None is the original."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What an agent's executions of one version came to."""

    executions: int = 0
    failures: int = 0
    """Of any signature."""
    recurrences: int = 0
    """Failures of the case's own."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.executions + other.executions,
            self.failures + other.failures,
            self.recurrences + other.recurrences,
        )


class Finding(StrEnum):
    UNDECIDED = "undecided"
    VERIFIED = "verified"
    """The signature is rarer than before, with 95 % confidence."""
    PARTIAL = "partial"
    """It recurs, and not more often than before: to be repaired further, on top of this version."""
    WORSE = "worse"
    """It recurs more often than before: back to the version before."""


@dataclass(frozen=True, slots=True)
class Canary:
    """What a version has shown, beside what was before it."""

    before: Counts
    since: Counts

    @property
    def good(self) -> int:
        return self.since.executions - self.since.failures

    @property
    def needed(self) -> int:
        """Good outcomes that verify the version.

        So many executions that even the upper bound of its rate of recurrence is below the old rate. Where no rate is
        known, since nobody counted before, the least.
        """
        if not self.before.recurrences:
            return LEAST_GOOD
        bound = _UPPER_BOUNDS[min(self.since.recurrences, len(_UPPER_BOUNDS) - 1)]
        return max(LEAST_GOOD, ceil(bound * self.before.executions / self.before.recurrences))

    @property
    def finding(self) -> Finding:
        if self.since.recurrences >= RECURRENCES:
            return Finding.WORSE if self._fails_more_often() else Finding.PARTIAL
        return Finding.VERIFIED if self.good >= self.needed else Finding.UNDECIDED

    @property
    def quarters(self) -> int:
        """Quarters of what is needed that are reached, below the whole."""
        return min(QUARTERS * self.good // self.needed, QUARTERS - 1)

    def counted(self) -> CanaryCounts:
        return CanaryCounts(
            executions=self.since.executions,
            good=self.good,
            recurrences=self.since.recurrences,
            needed=self.needed,
            before_executions=self.before.executions,
            before_recurrences=self.before.recurrences,
        )

    def described(self) -> str:
        """The rates in words."""
        return (
            f"failed alike in {self.since.recurrences} of {self.since.executions} executions,"
            f" in {self.before.recurrences} of {self.before.executions} before"
        )

    def _fails_more_often(self) -> bool:
        if not self.before.recurrences:
            return False
        return self.since.recurrences * self.before.executions > self.before.recurrences * self.since.executions


@dataclass(frozen=True, slots=True)
class Watch:
    """One agent's counts of a function by version, with the recurrences of one case; report after report."""

    base: Version
    """What the version that is watched grew from."""
    promoted: Version
    counts: Mapping[Version, Counts]

    def after(self, version: Version, counts: Counts) -> Watch:
        """With one report more."""
        return replace(self, counts={**self.counts, version: self.counts.get(version, Counts()) + counts})

    @property
    def canary(self) -> Canary:
        """The version beside its base; beside all others together where the base was never seen to fail."""
        others = {version: counts for version, counts in self.counts.items() if version != self.promoted}
        base = others.get(self.base, Counts())
        before = base if base.recurrences else sum(others.values(), Counts())
        return Canary(before=before, since=self.counts.get(self.promoted, Counts()))

"""One edit for several faults at once: fixes of each that don't rewrite the same text."""

from collections.abc import Sequence
from dataclasses import dataclass

from autodev.repair.rules.rule import Fix
from autodev.repair.source.changes import Change, conflict

_FIXES_PER_FAULT = 10
_WIDTH = 24


@dataclass(frozen=True, slots=True)
class Composition:
    """Fixes that go together, at most one a fault; one fix may answer several faults."""

    fixes: tuple[Fix, ...]
    faults: int

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(dict.fromkeys(change for fix in self.fixes for change in fix.changes))

    @property
    def risk(self) -> float:
        """The chance that one of the fixes is wrong, taking them as independent."""
        kept = 1.0
        for fix in self.fixes:
            kept *= 1.0 - min(fix.risk, 1.0)
        return 1.0 - kept


def compose(by_fault: Sequence[Sequence[Fix]]) -> list[Composition]:
    """Every fix alone, then the least risky combinations that answer as many faults as can be."""
    alone = [Composition((fix,), 1) for fixes in by_fault for fix in fixes]
    combined: list[Composition] = []
    for fixes in by_fault:
        likely = sorted(fixes, key=lambda fix: fix.risk)[:_FIXES_PER_FAULT]
        if not likely:
            continue
        if not combined:
            combined = [Composition((fix,), 1) for fix in likely]
            continue
        extended = [grown for composition in combined for fix in likely if (grown := _grown(composition, fix))]
        combined = sorted(extended or combined, key=lambda composition: composition.risk)[:_WIDTH]
    return [composition for composition in combined if composition.faults > 1] + alone


def _grown(composition: Composition, fix: Fix) -> Composition | None:
    if fix in composition.fixes:
        return Composition(composition.fixes, composition.faults + 1)
    if conflict(composition.changes, fix.changes):
        return None
    return Composition((*composition.fixes, fix), composition.faults + 1)

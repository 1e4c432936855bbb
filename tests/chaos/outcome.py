"""What one drill came to, and whether that is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.compare import Finding, Kind


@dataclass(frozen=True)
class Outcome:
    fault: str
    events: int
    """Records that agents and people wrote, and decisions that people made at the console."""
    deaths: Counter[str]
    """Of services, by process."""
    redelivered: int
    """Records that repeated an event, for every reader to drop."""
    findings: Sequence[Finding]
    notes: Sequence[str]
    """What is neither right nor wrong but should be known."""
    seconds: float

    def count(self, kind: Kind) -> int:
        return sum(finding.count for finding in self.findings if finding.kind is kind)

    @property
    def is_right(self) -> bool:
        return not self.findings

"""How many dead letters are too many: then something else is wrong than the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WINDOW: Final = 1_000
"""So many of a partition's last records are remembered."""
_ALL: Final = (1 << WINDOW) - 1


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the last records of a partition, one bit each, the newest lowest: set for a dead letter."""

    seen: int = 0
    bits: int = 0

    @property
    def share(self) -> float:
        return self.bits.bit_count() / self.seen if self.seen else 0.0

    @property
    def consecutive(self) -> int:
        """Dead letters since the last record that was none."""
        return (~self.bits & (self.bits + 1)).bit_length() - 1

    def then(self, *, given_up: bool, times: int = 1) -> Outcomes:
        """With `times` more records of that outcome."""
        fresh = (1 << times) - 1 if given_up else 0
        return Outcomes(min(self.seen + times, WINDOW), ((self.bits << times) | fresh) & _ALL)

    def pack(self) -> bytes:
        """A leading one, then the bits."""
        return ((1 << self.seen) | self.bits).to_bytes(self.seen // 8 + 1)

    @classmethod
    def unpack(cls, packed: bytes | None) -> Outcomes:
        """What `pack` wrote; nothing seen where there is none."""
        marked = int.from_bytes(packed or b"\x01")
        seen = marked.bit_length() - 1
        return cls(seen, marked ^ (1 << seen))


NOTHING_SEEN: Final = Outcomes()


@dataclass(frozen=True, slots=True)
class Limits:
    """Zero is no limit."""

    consecutive: int = 500
    share: float = 0.5
    """Of the last `WINDOW` records, and only once there were so many."""

    def excess(self, outcomes: Outcomes) -> str | None:
        """Which limit `outcomes` exceed, in words; None if they keep both."""
        if self.consecutive and outcomes.consecutive > self.consecutive:
            return f"more than {self.consecutive} records in a row (AUTODEV_DEAD_LETTERS__CONSECUTIVE)"
        if self.share and outcomes.seen == WINDOW and outcomes.share > self.share:
            return f"more than {self.share:.0%} of the last {WINDOW:,} records (AUTODEV_DEAD_LETTERS__SHARE)"
        return None


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Excess:
    """`index` of the record whose dead letter would exceed a limit, and which one."""

    index: int
    limit: str


def follow(before: Outcomes, given_up: Sequence[bool], limits: Limits) -> Outcomes | Excess:
    """The outcomes after a batch, or where in it a limit would be exceeded."""
    if not any(given_up):
        return before.then(given_up=False, times=len(given_up))
    outcomes = before
    for index, one in enumerate(given_up):
        outcomes = outcomes.then(given_up=one)
        if one and (limit := limits.excess(outcomes)):
            return Excess(index, limit)
    return outcomes

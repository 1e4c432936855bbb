"""What became of operators' edits: how many were tried, and how many of them were right, by what had failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ANY: Final = "any"
"""Stands for every kind of failure together."""

Document = dict[str, dict[str, tuple[float, float]]]


@dataclass(slots=True)
class Count:
    """Fractions are allowed: a failure of two kinds is half of each, and two right answers share the credit."""

    tried: float = 0.0
    right: float = 0.0


@dataclass
class Experience:
    """Counts by operator and kind of failure (`failing.kind_of`, and `ANY`). Those of two searches add up."""

    counts: defaultdict[tuple[str, str], Count] = field(default_factory=lambda: defaultdict(Count))

    def tried(self, operator: str, number: float, errors: Mapping[str, float]) -> None:
        """`number` edits of one program whose failures were `errors`, as shares of 1."""
        for error, share in {ANY: 1.0, **errors}.items():
            self.counts[operator, error].tried += number * share

    def was_right(self, operator: str, credit: float, errors: Mapping[str, float]) -> None:
        """`credit`: 1 for one right answer, shared by those that were as right, and by the edits of each."""
        for error, share in {ANY: 1.0, **errors}.items():
            self.counts[operator, error].right += credit * share

    def of(self, operator: str, error: str = ANY) -> Count:
        return self.counts.get((operator, error), Count())

    def plus(self, other: Experience) -> Experience:
        """Both together."""
        total = Experience()
        for each in (self, other):
            for key, count in each.counts.items():
                total.counts[key].tried += count.tried
                total.counts[key].right += count.right
        return total

    @property
    def operators(self) -> Iterable[str]:
        return sorted({operator for operator, _ in self.counts})


def as_document(experience: Experience) -> Document:
    """JSON: by operator and failure, how many were tried and how many were right."""
    document: Document = {}
    for (operator, error), count in sorted(experience.counts.items()):
        document.setdefault(operator, {})[error] = round(count.tried, 2), round(count.right, 3)
    return document


def from_document(document: Mapping[str, Mapping[str, Any]]) -> Experience:
    """Raises TypeError and ValueError for anything that `as_document` does not write."""
    experience = Experience()
    for operator, by_error in document.items():
        for error, (tried, right) in by_error.items():
            experience.counts[operator, error] = Count(float(tried), float(right))
    return experience

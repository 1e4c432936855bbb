"""What differs between two runs, or between a run and what must hold of every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Row(NamedTuple):
    """One thing that a run came to."""

    identity: str
    """What it is about: a row's primary key, a record's type and key."""
    content: str = ""
    """What it says, as far as two runs have to agree on it."""


Section = Counter[Row]
"""All rows of a table, or events of a topic; a number of failures is that many times the same row."""
Observation = Mapping[str, Section]


class Kind(StrEnum):
    LOST = "lost"
    DOUBLED = "doubled"
    DIFFERING = "differing"


@dataclass(frozen=True)
class Finding:
    kind: Kind
    section: str
    count: int
    example: str


def compare(expected: Observation, found: Observation) -> list[Finding]:
    """A row that is missing is lost, one too many is doubled; one of each about the same thing is a difference."""
    findings: list[Finding] = []
    for name in sorted(expected.keys() | found.keys()):
        findings.extend(_compare(name, expected.get(name, Counter()), found.get(name, Counter())))
    return findings


def _compare(name: str, expected: Section, found: Section) -> list[Finding]:
    missing, extra = expected - found, found - expected
    missing_of, extra_of = _by_identity(missing), _by_identity(extra)
    counts: Counter[Kind] = Counter()
    examples: dict[Kind, str] = {}
    for identity in sorted(missing_of.keys() | extra_of.keys()):
        less, more = missing_of.get(identity, Counter()), extra_of.get(identity, Counter())
        differing = min(less.total(), more.total())
        for kind, count in (
            (Kind.DIFFERING, differing),
            (Kind.LOST, less.total() - differing),
            (Kind.DOUBLED, more.total() - differing),
        ):
            counts[kind] += count
            if count:
                examples.setdefault(kind, _told(identity, less, more))
    return [Finding(kind, name, counts[kind], examples[kind]) for kind in Kind if counts[kind]]


def _by_identity(rows: Section) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for row, count in rows.items():
        found.setdefault(row.identity, Counter())[row.content] += count
    return found


def _told(identity: str, less: Counter[str], more: Counter[str]) -> str:
    expected, found = next(iter(less), "nothing"), next(iter(more), "nothing")
    start = next((i for i, pair in enumerate(zip(expected, found, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, start - 60)
    return f"{identity[:200]}: expected …{expected[start : start + 300]}, found …{found[start : start + 300]}"

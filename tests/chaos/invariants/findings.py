"""Two countings held side by side, as findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.chaos.compare import Finding, Kind


def wrong(kind: Kind, section: str, examples: Iterable[Any]) -> Iterable[Finding]:
    listed = list(examples)
    if listed:
        yield Finding(kind, section, len(listed), str(listed[0]))


def differ(section: str, expected: Counter[Any], found: Counter[Any]) -> Iterable[Finding]:
    for kind, rest in ((Kind.LOST, expected - found), (Kind.DOUBLED, found - expected)):
        if rest:
            yield Finding(kind, section, rest.total(), str(next(iter(rest))))


def disagree(section: str, expected: dict[Any, Any], found: dict[Any, Any]) -> Iterable[Finding]:
    apart = [
        f"{at}: {expected.get(at)} and {found.get(at)}"
        for at in expected.keys() | found.keys()
        if expected.get(at) != found.get(at)
    ]
    return wrong(Kind.DIFFERING, section, apart)

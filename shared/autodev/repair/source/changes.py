"""Changes to a function's text, and how several of them become one new source."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import libcst as cst

from autodev.repair.source.function import Span
from autodev.repair.source.site import Site


class Stage(IntEnum):
    """What a check relies on: a value has to exist before it is converted, and be converted before it is used."""

    EXISTENCE = 0
    VALUE = 1
    RESULT = 2


@dataclass(frozen=True, slots=True)
class Replacement:
    """Put `text` where the span stands; an empty span inserts."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Statements put directly before a site, on lines of their own and at its indentation."""

    site: Site
    lines: tuple[str, ...]
    stage: Stage = Stage.VALUE


@dataclass(frozen=True, slots=True)
class Guard:
    """`if condition: outcome` put directly before a site."""

    site: Site
    conditions: tuple[str, ...]
    outcome: str
    stage: Stage = Stage.VALUE


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on what a comprehension's clause lets through.

    `failing` is the clause's own condition when that is what raised: then the new one has to come first.
    """

    clause: cst.CompFor
    condition: str
    stage: Stage = Stage.VALUE
    failing: cst.BaseExpression | None = None


Change = Replacement | Lines | Guard | Filter


def conflict(first: Sequence[Change], second: Sequence[Change]) -> bool:
    """Whether two lists of changes rewrite the same text."""
    return any(
        one.span == other.span or (one.span.start < other.span.end and other.span.start < one.span.end)
        for one in first
        for other in second
        if isinstance(one, Replacement) and isinstance(other, Replacement) and one != other
    )

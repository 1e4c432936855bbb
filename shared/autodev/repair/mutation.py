"""A small change to a function that may make it right, whatever raised: what operators of a search give."""

from dataclasses import dataclass

from autodev.repair.source.changes import Replacement


@dataclass(frozen=True, slots=True)
class Mutation:
    """One edit of one place. Two that rewrite no common text can be made together (`changes.conflict`)."""

    operator: str
    """Names its kind, as `learned` priors and reports do: `comparison`, `off_by_one`, `wrong_name`…"""
    description: str
    """For people: what becomes what."""
    replacements: tuple[Replacement, ...]
    line: int
    """Of the function's text, 1 is `def`: the first that it changes, for suspiciousness."""

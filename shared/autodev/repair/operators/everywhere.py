"""One mistake made in several places is mended in all of them at once: who writes `xs.append[x]` writes it twice."""

from collections.abc import Iterable, Iterator

from autodev.repair.mutation import Mutation
from autodev.repair.source.changes import Replacement

REPEATED = frozenset(
    {"brackets_to_call", "comparison_to_assignment", "missing_call", "dropped_result", "indexed", "off_by_one_index"}
)
"""Operators whose mistakes people repeat."""
_MOST = 5


def everywhere(mutations: Iterable[Mutation]) -> Iterator[Mutation]:
    """For each operator of `mutations`, its first at every place, made together."""
    by_operator: dict[str, list[Mutation]] = {}
    for mutation in mutations:
        if len(mutation.replacements) == 1:
            by_operator.setdefault(mutation.operator, []).append(mutation)
    for operator, found in by_operator.items():
        chosen = _apart(found)
        if 1 < len(chosen) <= _MOST:
            descriptions = " ".join(mutation.description for mutation in chosen)
            replacements = tuple(mutation.replacements[0] for mutation in chosen)
            yield Mutation(operator, descriptions, replacements, chosen[0].line)


def _apart(mutations: Iterable[Mutation]) -> list[Mutation]:
    """In source order, those that share no text with one before."""
    chosen: list[Mutation] = []
    for mutation in sorted(mutations, key=lambda each: each.replacements[0].span.start):
        if not chosen or _end(chosen[-1].replacements[0]) <= mutation.replacements[0].span.start:
            chosen.append(mutation)
    return chosen


def _end(replacement: Replacement) -> int:
    return replacement.span.end

"""One version of the module → its likely next versions: what rules say of its failures, then single mutations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from autodev.repair.model import Failure, Frame, RepairError, Target
from autodev.repair.mutation import Mutation
from autodev.repair.proposing import propose
from autodev.repair.ranking import size_of
from autodev.repair.search.binding import bound
from autodev.repair.search.candidate import Candidate, EditMade
from autodev.repair.search.case import Case
from autodev.repair.search.module import ModuleText
from autodev.repair.search.outcome import Kind
from autodev.repair.search.priors import Priors, rule_prior
from autodev.repair.search.suspicion import suspicion
from autodev.repair.search.trace import Trace
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.rewriting import rewritten

Mutate = Callable[[FunctionSource, ModuleText], Iterator[Mutation]]

_UNSEEN: Final = 0.1
"""Suspiciousness of a line that no failing call ran: what is missing may have to be put there."""
_NEVER_RUN: Final = re.compile(r"\s*((else|try|finally)\s*:\s*)?(#.*)?")
_SAME_IDEA: Final = 0.97
"""For each further edit of one operator at one line, so that variants of one idea don't crowd out the next."""


@dataclass(frozen=True)
class Node:
    """A version whose way through the cases is known; the root is the original."""

    candidate: Candidate
    traces: tuple[Trace, ...]
    errors: Mapping[str, float]
    """Share of each kind of failure among those of the original, for the priors."""

    def right(self, cases: Sequence[Case]) -> list[bool]:
        return [case.is_right(trace.outcome) for case, trace in zip(cases, self.traces, strict=True)]


@dataclass(frozen=True, slots=True)
class Next:
    """A candidate still to be made, and how promising it is compared with others of its node."""

    promise: float
    make: Callable[[], Candidate]


def expand(
    node: Node, entrypoint: str, cases: Sequence[Case], mutate: Mutate, priors: Priors, *, called: bool = True
) -> list[Next]:
    """All single edits of the node's version, the most promising first. Duplicates are not removed.

    `called`: also of functions that the entrypoint calls; without it of the entrypoint alone.
    """
    right = node.right(cases)
    lines = suspicion(node.traces, right)
    names = _functions(node, entrypoint, lines) if called else [entrypoint]
    found = [*_by_rules(node, entrypoint, cases, right, called=called)]
    for name in names:
        found += _by_mutations(node, name, lines, mutate, priors)
    return sorted(found, key=lambda each: -each.promise)


def _functions(node: Node, entrypoint: str, lines: Mapping[int, float]) -> list[str]:
    """The entrypoint and each function that a failing call ran."""
    module = node.candidate.module
    ran = dict.fromkeys(module.function_at(line) for line in sorted(lines))
    return [entrypoint, *(name for name in ran if name and name != entrypoint)]


def _by_mutations(node: Node, name: str, lines: Mapping[int, float], mutate: Mutate, priors: Priors) -> Iterator[Next]:
    module = node.candidate.module
    try:
        function = FunctionSource(module.code(name))
    except RepairError:
        return
    above = module.definitions[name].line - 1
    earlier: Counter[tuple[str, int]] = Counter()
    prior_of = cache(lambda operator: priors.of(operator, node.errors))
    for mutation in mutate(function, module):
        prior = prior_of(mutation.operator)
        idea = (mutation.operator, mutation.line)
        suspected = max(lines.get(_run_line(module, above + mutation.line), 0.0), _UNSEEN)
        promise = prior * suspected * _SAME_IDEA ** earlier[idea]
        earlier[idea] += 1
        yield Next(promise, partial(_mutated, node, name, function, mutation, prior))


def _run_line(module: ModuleText, line: int) -> int:
    """A trace names no line that says `else:` or nothing: the next one that it can name stands for it."""
    texts = module.lines[line - 1 :]
    return line + next((skipped for skipped, text in enumerate(texts) if not _NEVER_RUN.fullmatch(text)), 0)


def _mutated(node: Node, name: str, function: FunctionSource, mutation: Mutation, prior: float) -> Candidate:
    code, replacements = rewritten(function, mutation.replacements)
    edit = EditMade(mutation.operator, mutation.description, name)
    return _edited(node, name, code, edit, prior, size_of(function, replacements))


def _by_rules(
    node: Node, entrypoint: str, cases: Sequence[Case], right: Sequence[bool], *, called: bool
) -> Iterator[Next]:
    module = node.candidate.module
    failures: dict[str, list[Failure]] = {}
    for case, trace, good in zip(cases, node.traces, right, strict=True):
        if good or trace.outcome.kind is not Kind.RAISED:
            continue
        raised_in = [step.function for step in trace.frames if step.function in module.definitions]
        for name in dict.fromkeys([entrypoint, *(raised_in[-1:] if called else ())]):
            arguments = bound(module.code(name), case) if name == entrypoint else None
            failures.setdefault(name, []).append(_failure(module, trace, arguments))
    for name, found in failures.items():
        try:
            edits = propose(Target(module.text, name), found)
        except RepairError:
            continue
        for edit in edits:
            prior = rule_prior(edit)
            made = EditMade(f"rule: {edit.operator}", edit.description, name)
            yield Next(prior, partial(_edited, node, name, edit.code, made, prior, edit.size))


def _edited(node: Node, name: str, code: str, edit: EditMade, prior: float, size: int) -> Candidate:
    base = node.candidate
    return Candidate(
        module=base.module.with_code(name, code),
        rewritten=base.rewritten | {name},
        edits=(*base.edits, edit),
        prior=base.prior * prior,
        size=base.size + size,
    )


def _failure(module: ModuleText, trace: Trace, arguments: Mapping[str, object] | None) -> Failure:
    frames = tuple(
        Frame(step.function, module.lines[step.line - 1].strip())
        for step in trace.frames
        if 0 < step.line <= len(module.lines)
    )
    return Failure(trace.outcome.error, trace.outcome.message, frames, arguments)

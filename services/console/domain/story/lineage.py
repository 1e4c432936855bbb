"""Which candidate grew from which: a tree whose root is the unmodified skill.

No event names a candidate's parent. Steps tell it: a version that was watched before, and whose operators and
descriptions are the first ones of the candidate's, is what it grew from. Where two fit, the later one is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from autodev.ids import CandidateId
from services.console.domain.candidate import CandidateState
from services.console.domain.document import Fact
from services.console.domain.story.attempt import JOINS, Attempt

SIBLINGS: Final = 12
"""Shown of one parent's children; those that something grew from, and plausible ones, are the first of them."""


class Node(Fact):
    depth: int
    """0 is the unmodified skill."""
    candidate_id: CandidateId | None
    parent: CandidateId | None
    """None: it grew from the unmodified skill, or is that."""
    generation: int
    operator: str
    """Of its last step alone."""
    description: str
    state: CandidateState | None
    chosen: bool
    fitness: float | None
    closeness: float | None
    cut: int
    """How many of its children are left out, with all that grew from them."""


def lineage_of(
    attempts: Sequence[Attempt],
    base_closeness: float | None,
    chosen: CandidateId | None,
    states: Mapping[CandidateId, CandidateState],
) -> tuple[Node, ...]:
    """Depth first, best children first; every node comes after its parent."""
    children: dict[CandidateId | None, list[Attempt]] = defaultdict(list)
    watched = [attempt for attempt in attempts if attempt.closeness is not None]
    parents = {attempt.candidate_id: parent_of(attempt, watched) for attempt in attempts}
    for attempt in attempts:
        children[parents[attempt.candidate_id]].append(attempt)
    line = set(_ancestry(chosen, parents))

    def rank(it: Attempt) -> tuple[object, ...]:
        name = it.candidate_id
        return (name not in line, not it.plausible, name not in children, -(it.fitness or 0), -(it.closeness or 0))

    def below(parent: CandidateId | None, depth: int) -> Iterator[Node]:
        for attempt in sorted(children[parent], key=rank)[:SIBLINGS] if parent in children else ():
            name = attempt.candidate_id
            yield Node(
                depth=depth,
                candidate_id=name,
                parent=parent,
                generation=attempt.generation,
                operator=attempt.steps[-1] if attempt.steps else "",
                description=attempt.description,
                state=states.get(name) or _state(attempt),
                chosen=name == chosen,
                fitness=attempt.fitness,
                closeness=attempt.closeness,
                cut=_cut(name),
            )
            yield from below(name, depth + 1)

    def _cut(name: CandidateId | None) -> int:
        return max(0, len(children.get(name, ())) - SIBLINGS)

    root = Node(
        depth=0,
        candidate_id=None,
        parent=None,
        generation=0,
        operator="unmodified",
        description="",
        state=None,
        chosen=False,
        fitness=None,
        closeness=base_closeness,
        cut=_cut(None),
    )
    return (root, *below(None, 1))


def parent_of(attempt: Attempt, watched: Sequence[Attempt]) -> CandidateId | None:
    """The one of `watched` of an earlier generation that `attempt` is further steps of; None: the unmodified skill."""
    fitting = [
        other
        for other in watched
        if other.generation < attempt.generation
        and len(other.steps) < len(attempt.steps)
        and attempt.operator.startswith(other.operator + JOINS)
        and attempt.description.startswith(other.description)
    ]
    longest = max(fitting, key=lambda it: (len(it.steps), len(it.description), it.generation), default=None)
    return longest.candidate_id if longest else None


def _ancestry(name: CandidateId | None, parents: Mapping[CandidateId, CandidateId | None]) -> Iterator[CandidateId]:
    while name is not None:
        yield name
        name = parents.get(name)


def _state(attempt: Attempt) -> CandidateState:
    if attempt.score is None:
        return CandidateState.PENDING
    return CandidateState.VALIDATED if attempt.plausible else CandidateState.FAILED

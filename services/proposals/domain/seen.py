"""What a search has seen of versions that are not right yet, and what follows for its next generation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from autodev.events.models.search import Seen
from autodev.repair.running.steps import step_limit
from services.proposals.domain.generation import UNMODIFIED

MOST: Final = 12
"""Versions that edits start from: each gives hundreds."""
MAX_EDITS: Final = 3
"""In a row. After these there are no more: what needs more is another function."""
_JOINS: Final = " + "


def gathered(known: Sequence[Seen], new: Sequence[Seen]) -> tuple[Seen, ...]:
    """Both, each behaviour once, in the order in which they were seen; the unmodified skill is the first.

    Of what nobody has compared with the unmodified skill, nothing is kept.
    """
    found = list(known)
    behaviours = {_behaviour(version) for version in known}
    for version in new:
        first = not found and is_base(version)
        further = bool(found) and version.closeness > found[0].closeness and edits_in(version) < MAX_EDITS
        if (first or further) and len(found) < MOST and (behaviour := _behaviour(version)) not in behaviours:
            found.append(version)
            behaviours.add(behaviour)
    return tuple(found)


def is_base(version: Seen) -> bool:
    return version.candidate.operator == UNMODIFIED


def edits_in(version: Seen) -> int:
    """How many edits made it, taking each part of a composed operator for one; 0 of the unmodified skill."""
    return 0 if is_base(version) else len(parts(version.candidate.operator))


def joined(*operators: str) -> str:
    return _JOINS.join(each for each in operators if each)


def parts(operator: str) -> list[str]:
    """The operators that were joined, in the order of their edits."""
    return operator.split(_JOINS)


def step_limit_of(seen: Sequence[Seen]) -> int | None:
    """By the way of the unmodified skill: None as long as nobody has seen it, 0 where its steps are not known."""
    if not seen:
        return None
    steps = max((call.steps for call in seen[0].calls), default=0)
    return step_limit(steps) if steps else 0


def _behaviour(version: Seen) -> tuple[tuple[str, str, str], ...]:
    return tuple((call.call_id, call.ended.value, call.error) for call in version.calls)

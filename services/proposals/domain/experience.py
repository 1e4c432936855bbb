"""What a search tells of operators: which it tried against what kind of failure, and which of them were right."""

from __future__ import annotations

import builtins
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from autodev.events.models.call import Raised
from autodev.events.models.search import EvidenceCall, Role, Share
from autodev.repair.search.experience import Experience
from autodev.repair.search.failing import WRONG_VALUE
from services.proposals.domain.seen import parts

_BUILTIN: Final = frozenset(
    name for name, each in vars(builtins).items() if isinstance(each, type) and issubclass(each, Exception)
)


def kinds(calls: Sequence[EvidenceCall]) -> Mapping[str, float]:
    """What the search part's failing calls failed with, as shares of 1.

    Only Python's own exceptions are told apart: the names of others are the agent's, as many as it likes.
    """
    failing = [call for call in calls if call.role is Role.FAILING and call.share is Share.SEARCH]
    found = Counter(
        call.recorded.type.rpartition(".")[2] if isinstance(call.recorded, Raised) else WRONG_VALUE for call in failing
    )
    return {
        kind: number / len(failing) for kind, number in sorted(found.items()) if kind in _BUILTIN or kind == WRONG_VALUE
    }


def of_tried(operators: Iterable[str], errors: Mapping[str, float]) -> Experience:
    """Of candidates by these operators. One that builds on another version is a try of the edit that it adds."""
    experience = Experience()
    for operator, number in sorted(Counter(parts(label)[-1] for label in operators).items()):
        experience.tried(operator, number, errors)
    return experience


def of_right(operator: str, errors: Mapping[str, float]) -> Experience:
    """Of the candidate that was right; its edits share the credit."""
    experience = Experience()
    together = parts(operator)
    for each in together:
        experience.was_right(each, 1.0 / len(together), errors)
    return experience

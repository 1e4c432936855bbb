"""The port that every engine implements: failures in, edits out, likely ones first."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Protocol

from autodev.events.models.search import EvidenceCall, Seen
from autodev.repair import Edit, Failure
from autodev.repair.search.experience import Document


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One skill to repair, as an engine sees it."""

    module_source: str
    """With the current base in the place of the skill's function."""
    entrypoint: str
    failures: Sequence[Failure]
    """Search part only."""
    calls: Sequence[EvidenceCall]
    """Sound ones of the search part."""
    known: AbstractSet[str]
    """Fingerprints of programs that this case has run already."""
    limit: int
    seen: Sequence[Seen] = ()
    """Versions whose way through the calls is known, the current base first; none until the sandbox has watched it."""
    experience: Document = field(default_factory=dict)
    """What the workspace has learnt of operators."""


class Engine(Protocol):
    @property
    def name(self) -> str: ...

    def propose(self, request: SearchRequest) -> Sequence[Edit]:
        """Up to `limit` edits that are not known, likely ones first; none when there is nothing left to try.

        Pure and bounded in time (it runs in a worker thread); it never runs the code it reads.
        """
        ...

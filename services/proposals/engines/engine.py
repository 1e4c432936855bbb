"""The port that every engine implements: failures in, edits out, likely ones first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from autodev.repair import Edit, Failure


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One skill to repair, as an engine sees it."""

    module_source: str
    """With the current base in the place of the skill's function."""
    entrypoint: str
    failures: Sequence[Failure]
    """Search part only."""
    known: Collection[str]
    """Fingerprints of programs that this case has run already."""
    limit: int


class Engine(Protocol):
    @property
    def name(self) -> str: ...

    def propose(self, request: SearchRequest) -> Sequence[Edit]:
        """Up to `limit` edits that are not known, likely ones first; none when there is nothing left to try.

        Pure and bounded in time (it runs in a worker thread); it never runs the code it reads.
        """
        ...

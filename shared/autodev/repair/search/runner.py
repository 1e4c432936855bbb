"""What the search needs of whoever runs code: the port to a sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from autodev.repair.search.candidate import Candidate
from autodev.repair.search.case import Case
from autodev.repair.search.module import ModuleText
from autodev.repair.search.outcome import Outcome
from autodev.repair.search.trace import Trace


class Runner(Protocol):
    """Runs versions of one module. What a candidate does is never the caller's exception."""

    async def trace(self, module: ModuleText, cases: Sequence[Case]) -> Sequence[Trace]:
        """Run each case by itself, and watch its way through the module."""
        ...

    async def evaluate(self, candidates: Sequence[Candidate], cases: Sequence[Case]) -> Sequence[Sequence[Outcome]]:
        """The outcomes of each candidate on all cases, cheaply; a candidate's calls may spoil one another."""
        ...

    async def confirm(self, module: ModuleText, cases: Sequence[Case]) -> Sequence[Outcome]:
        """Run a version alone, each case by itself: these outcomes alone count."""
        ...

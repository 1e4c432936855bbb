"""How a call went: what it came to, and the way it took there."""

from __future__ import annotations

from dataclasses import dataclass

from autodev.repair.search.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Step:
    """A frame of a traceback."""

    function: str
    line: int


@dataclass(frozen=True, slots=True)
class Trace:
    """Lines are the module's, from 1. The way is the guest's word: it steers a search and proves nothing."""

    outcome: Outcome
    lines: frozenset[int] = frozenset()
    frames: tuple[Step, ...] = ()
    """Where it raised, outermost first."""
    steps: int = 0
    """How many lines it executed, repetitions counted."""
    seconds: float = 0.0

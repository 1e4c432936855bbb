"""How the tests here call guest programs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from autodev import values
from autodev.events.models.call import Raised, Returned
from autodev.sandbox import CallFacts, Policy, RunReport

PROGRAMS = Path(__file__).parent / "programs"
POLICY = Policy(wall_seconds=60, call_seconds=20, processes=8, file_bytes=1 << 20, memory_bytes=128 << 20)
"""With time enough on a busy machine for what ends by itself."""
HASTY = POLICY.model_copy(update={"call_seconds": 0.7})
"""For what has to be stopped."""

Attack = Callable[..., Awaitable[CallFacts]]
Run = Callable[..., Awaitable[RunReport]]


def returned(facts: CallFacts) -> Any:
    """What the call returned."""
    assert isinstance(facts.outcome, Returned), facts
    return values.decode(facts.outcome.value)


def raised(facts: CallFacts) -> Raised:
    """What the call raised."""
    assert isinstance(facts.outcome, Raised), facts
    return facts.outcome

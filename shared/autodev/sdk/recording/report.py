"""What passes from the agent's threads to the background one: small, immutable in effect, not yet encoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodev.sdk.recording.failure import Failure
from autodev.sdk.recording.snapshot import Snapshot
from autodev.sdk.recording.trace import Trace
from autodev.sdk.skills.definition import SkillDefinition, Version

if TYPE_CHECKING:
    from autodev.events.models.agent import SkillExecutionEvent, TaskEvent


@dataclass(frozen=True, slots=True)
class Expected:
    """What a call was expected to return; its own type, since None can be expected."""

    value: Any


@dataclass(frozen=True, slots=True)
class Execution:
    """One call that is reported, standing for `executions` like it."""

    skill: SkillDefinition
    version: Version
    started_at: float
    """Unix time."""
    seconds: float
    arguments: Snapshot
    """Of ``(args, kwargs)``, before the call."""
    outcome: Snapshot | Failure
    expected: Snapshot | None
    violation: str | None
    success: bool
    executions: int
    trace: Trace | None
    weight: int
    """Bytes that it holds, roughly."""


@dataclass(frozen=True, slots=True)
class Remainder:
    """Calls that were counted and that no reported call stands for."""

    skill: SkillDefinition
    version: Version
    success: bool
    executions: int
    weight: int = 256


@dataclass(frozen=True, slots=True)
class Emission:
    """An event that the agent made itself."""

    event: TaskEvent | SkillExecutionEvent
    trace: Trace | None
    weight: int = 8_192


Report = Execution | Remainder | Emission


def put_back(report: Report) -> None:
    """`report` was dropped: its counts wait for the next one of its kind."""
    if not isinstance(report, Emission):
        report.version.tally.put_back(report.executions, success=report.success)

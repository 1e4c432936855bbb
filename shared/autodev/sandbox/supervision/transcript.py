"""What the supervisor saw of one run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from autodev.sandbox.supervision.call_frame import CallFrame
from autodev.sandbox.supervision.frames import Ready


class Stop(Enum):
    """Why the run ended."""

    COMPLETE = auto()
    """Every call was answered."""
    DEADLINE = auto()
    CLOSED = auto()
    """The isolation ended by itself with calls still unanswered."""
    FORGED = auto()
    """Bytes on the result channel that process 1 does not write."""
    CANCELLED = auto()
    """The caller no longer wants the answer."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the kernel counted of an isolation as a whole."""

    oom_kills: int = 0
    refused_forks: int = 0


@dataclass(frozen=True, slots=True)
class Transcript:
    stop: Stop
    ready: Ready | None
    """None if the guest never got as far as the program."""
    frames: tuple[CallFrame, ...]
    """In the order of the calls; fewer than calls unless complete."""
    exit_status: int | None
    """Of the isolation, where it ended by itself: 128 + n for signal n."""
    diagnostics: str
    """The end of what launcher and process 1 wrote to their stderr."""
    detail: str
    seconds: float
    counts: Counts = Counts()
    take_seconds: float = 0.0
    """To get the isolation, before all this."""
    answered_seconds: float = 0.0
    """From when it was asked for to what is in `stop`: all before the end of the isolation."""
    end_seconds: float = 0.0
    """To end it, after all this."""

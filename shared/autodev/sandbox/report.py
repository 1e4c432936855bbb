"""What a run came to: the supervisor's facts, and beside them what the guest said."""

from __future__ import annotations

from dataclasses import dataclass

from autodev.events.models.call import CallOutcome
from autodev.events.models.search import PropertyVerdict, Verdict
from autodev.sandbox.policy import Policy


@dataclass(frozen=True, slots=True)
class Output:
    """An output stream: its beginning, and its end where something between them was dropped.

    Both are the guest's: escape them before they reach a terminal or a page.
    """

    head: str = ""
    tail: str = ""
    dropped_bytes: int = 0

    @property
    def text(self) -> str:
        """For people: the parts, and how much is missing between them, which a guest could write as well."""
        if not self.dropped_bytes:
            return self.head
        return f"{self.head}\n[{self.dropped_bytes} bytes dropped]\n{self.tail}"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """How one call went.

    `verdict` rests on evidence from outside the call's process. For memory and processes there is more: a guest that
    says it was refused some is believed, since it only accuses itself. `outcome` is the guest's word: any program can
    claim any result of its own, so compare it where the guest can't reach.
    """

    call_id: str
    verdict: Verdict
    outcome: CallOutcome | None = None
    """What the call returned or raised, if it delivered that."""
    message: str = ""
    """Why, where the verdict alone does not say it."""
    seconds: float = 0.0
    """Wall clock to the answer from the fork (loading the module included), or from the process's answer before."""
    cpu_seconds: float = 0.0
    """This and the next are of the call's process, with all its calls."""
    max_rss_bytes: int = 0
    stdout: Output = Output()
    stderr: Output = Output()


@dataclass(frozen=True, slots=True)
class Usage:
    """What all processes of a run used together, each counted once however many calls it had."""

    cpu_seconds: float = 0.0
    unmeasured_seconds: float = 0.0
    """Wall clock of guests that ended with their isolation, so that nobody counted their CPU; 0 if each was reaped."""
    max_rss_bytes: int = 0
    """Of the largest process."""
    processes: int = 0
    output_bytes: int = 0
    """Of stdout and stderr, kept or dropped."""
    dropped_bytes: int = 0
    """Of those, what was not kept."""
    result_bytes: int = 0
    """Of what calls delivered, as tagged JSON."""


@dataclass(frozen=True, slots=True)
class RunReport:
    verdict: Verdict
    """Of the run as a whole: ok when every call was seen through, whatever the calls came to."""
    message: str
    engine: str
    limits: Policy
    seconds: float
    calls: tuple[CallFacts, ...]
    """One for each input, in its order."""
    usage: Usage = Usage()
    """In a search: of this program alone."""
    take_seconds: float = 0.0
    """To get the isolation; in a search that of all programs, which share it."""
    overshoot_seconds: float | None = None
    """From the deadline to the end of what was killed for it, the longest of several; None if none passed."""
    answered_seconds: float = 0.0
    """From when it was asked for to the last answer in hand, before anything is cleaned up; likewise in a search."""


@dataclass(frozen=True, slots=True)
class PropertyFacts:
    call_id: str
    verdict: PropertyVerdict
    message: str = ""


@dataclass(frozen=True, slots=True)
class PropertyReport:
    verdict: Verdict
    message: str
    engine: str
    limits: Policy
    seconds: float
    checks: tuple[PropertyFacts, ...]
    """One for each input, in its order."""
    usage: Usage = Usage()
    take_seconds: float = 0.0
    """To get the isolation."""
    overshoot_seconds: float | None = None
    """From the deadline to the end of what was killed for it, the longest of several; None if none passed."""

"""What has happened so far, as the agent and the topics tell it. It reads no clock and shows nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from autodev.events.models.base import EventData
from autodev.events.models.case import ApprovalRequested, CaseChanged, CaseState, SkillPromoted, SkillWithdrawn
from autodev.events.models.failure import FailureBatched, LearningRequested
from autodev.events.models.search import CandidatesProposed
from autodev.ids import CaseId
from examples.flights.demo.fixes import Fix, Fixes
from examples.flights.messages import Started, Switched, Worked

QUIET_FLIGHTS = 3_000
"""A tool that did not fail for so many flights fails in less than one of a thousand (rule of three, 95 %)."""
_RECENT = 4
_AT_WORK = frozenset({CaseState.OPEN, CaseState.SEARCHING})


@dataclass
class ToolStory:
    version: str | None = None
    calls: int = 0
    failures: int = 0
    windowed: int = 0
    """Failures that the windows of analysis have counted."""
    quiet_since: int = 0
    """How many flights were done when it failed last."""
    recent: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=_RECENT))
    """Calls and failures of the last second."""
    cases: dict[CaseId, CaseChanged] = field(default_factory=dict)

    @property
    def candidates(self) -> int:
        return sum(case.candidates_tried for case in self.cases.values())

    @property
    def failure_rate(self) -> float:
        """Of the last second."""
        return sum(failures for _, failures in self.recent) / max(1, sum(calls for calls, _ in self.recent))


class Story:
    """Of the tools of one agent, and of what the system did about their failures."""

    def __init__(self, tools: Iterable[str]) -> None:
        self.tools = {name: ToolStory() for name in tools}
        self.flights = 0
        self.worked: list[Worked] = []
        self.switches: list[Switched] = []
        self._fixes = Fixes()

    @property
    def fixes(self) -> list[Fix]:
        return self._fixes.complete

    @property
    def running_fix(self) -> Fix | None:
        """One of the fixes that the agent runs now."""
        return next((fix for fix in self.fixes if self.tools[fix.tool].version == fix.version), None)

    @property
    def median_seconds(self) -> float | None:
        """From a first failure to the promoted version in the agent."""
        return median(fix.seconds for fix in self.fixes) if self.fixes else None

    @property
    def is_quiet(self) -> bool:
        """Whether no tool has failed for long, and none is being repaired."""
        return all(
            self.flights - tool.quiet_since >= QUIET_FLIGHTS
            and not any(case.state in _AT_WORK for case in tool.cases.values())
            for tool in self.tools.values()
        )

    def start(self, message: Started) -> None:
        """The agent has begun, with these versions."""
        for name, version in message.versions.items():
            self.tools[name].version = version

    def work(self, message: Worked) -> None:
        """The agent has done some flights."""
        self.flights += message.flights
        self.worked.append(message)
        for name, counts in message.tools.items():
            tool = self.tools[name]
            tool.calls += counts.calls
            tool.failures += counts.failures
            tool.recent.append((counts.calls, counts.failures))
            if counts.failures:
                tool.quiet_since = self.flights

    def switch(self, message: Switched) -> Fix | str | None:
        """The agent runs another version: the fix that this completes, or a line about it."""
        self.switches.append(message)
        self.tools[message.tool].version = message.version
        if message.version is None:
            return f"{message.tool} runs as it was written again"
        return self._fixes.switched(message)

    def happen(self, event: EventData) -> Fix | str | None:
        """Something happened in the tenant: the fix that this completes, or a line about it."""
        match event:
            case FailureBatched(skill=skill) if skill is not None:
                self.tools[skill.name].windowed += event.count
            case LearningRequested(skill=skill) if skill is not None:
                return f"{skill.name}: {event.error_type}, {event.count} times in {event.within_seconds} s"
            case CaseChanged(skill=skill) if skill is not None:
                self.tools[skill.name].cases[event.case_id] = event
                return f"{skill.name}: case {event.state.replace('_', ' ')}: {event.reason}"
            case CandidatesProposed():
                self._fixes.proposed(event)
            case ApprovalRequested():
                return f"{event.skill.name}: a person must decide: {event.reason}"
            case SkillPromoted():
                return self._fixes.promoted(event)
            case SkillWithdrawn():
                return f"{event.skill}: withdrawn by {event.requested_by}"
            case _:
                pass
        return None

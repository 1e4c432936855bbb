"""What one partition's fold remembers, and which rows of it have changed since it was last saved."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from autodev.events.models.call import SkillRef
from autodev.ids import AgentId, CaseId, TenantId
from services.analysis.domain.trigger import Trigger
from services.analysis.domain.windows import Windowing
from services.analysis.domain.words import Leader


class PatternKey(NamedTuple):
    tenant: TenantId
    agent: AgentId
    case: CaseId


class WindowKey(NamedTuple):
    tenant: TenantId
    agent: AgentId
    case: CaseId
    start: int


class OpenWindow(NamedTuple):
    start: int
    failures: int


class ClosedWindow(NamedTuple):
    failures: int
    revision: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """One failure pattern of one agent while something about it is pending."""

    key: PatternKey
    signature: str
    skill: SkillRef | None
    error_type: str
    trigger: Trigger = field(default_factory=Trigger)
    open: tuple[OpenWindow, ...] = ()

    def due(self, windowing: Windowing) -> int:
        """Event time at which a window of it closes or, with none open, all of it can be dropped."""
        if self.open:
            return windowing.closes_at(min(window.start for window in self.open))
        return self.trigger.expires_at

    def last_due(self, windowing: Windowing) -> int:
        """Event time at which nothing of it is left."""
        return max([self.trigger.expires_at, *(windowing.closes_at(window.start) for window in self.open)])


@dataclass(slots=True)
class Changes:
    """Rows to write; None deletes."""

    clocks: dict[TenantId, int] = field(default_factory=dict)
    patterns: dict[PatternKey, Pattern | None] = field(default_factory=dict)
    leaders: dict[PatternKey, Leader | None] = field(default_factory=dict)
    closed: dict[WindowKey, ClosedWindow] = field(default_factory=dict)
    forgotten: dict[TenantId, int] = field(default_factory=dict)
    """Closed windows that start at or before this are past their retention."""


class Tenant:
    """One tenant's part: its clock moves by its own failures and ticks only."""

    def __init__(self, windowing: Windowing) -> None:
        self._windowing = windowing
        self.clock = 0
        self.patterns: dict[PatternKey, Pattern] = {}
        self.leaders: dict[AgentId, dict[CaseId, Leader]] = {}
        # Lazily ordered: each pattern has an entry no later than its true due time.
        self._agenda: list[tuple[int, PatternKey]] = []

    def keep(self, pattern: Pattern) -> None:
        self.patterns[pattern.key] = pattern
        heapq.heappush(self._agenda, (pattern.due(self._windowing), pattern.key))

    def update(self, pattern: Pattern, before: Pattern) -> None:
        """Keep `pattern` in place of `before`; cheap when it is due no earlier."""
        if pattern.due(self._windowing) < before.due(self._windowing):
            self.keep(pattern)
        else:
            self.patterns[pattern.key] = pattern

    @property
    def next_due(self) -> int | None:
        """The earliest event time at which something closes or can be dropped."""
        while self._agenda:
            due, key = self._agenda[0]
            pattern = self.patterns.get(key)
            actual = pattern.due(self._windowing) if pattern else None
            if actual == due:
                return due
            heapq.heappop(self._agenda)
            if actual is not None:
                heapq.heappush(self._agenda, (actual, key))
        return None

    @property
    def last_due(self) -> int | None:
        """The event time at which nothing is pending any more; None if nothing is."""
        return max((pattern.last_due(self._windowing) for pattern in self.patterns.values()), default=None)

    def take_due(self) -> Iterator[Pattern]:
        """Remove and yield the patterns that are due at the present clock."""
        while (due := self.next_due) is not None and due <= self.clock:
            yield self.patterns.pop(heapq.heappop(self._agenda)[1])


class PartitionState:
    """State of one partition. `closed` holds only what a batch asked for (see `fold.closed_windows_needed`)."""

    def __init__(self, windowing: Windowing) -> None:
        self.windowing = windowing
        self.tenants: dict[TenantId, Tenant] = {}
        self.closed: dict[WindowKey, ClosedWindow] = {}
        self.changes = Changes()

    def tenant(self, tenant: TenantId) -> Tenant:
        return self.tenants.setdefault(tenant, Tenant(self.windowing))

    def clock(self, tenant: TenantId) -> int:
        known = self.tenants.get(tenant)
        return known.clock if known else 0

    def restore(self, clocks: dict[TenantId, int], patterns: Iterable[Pattern], leaders: Iterable[Leader]) -> None:
        """Fill an empty state with rows that were saved."""
        for tenant, second in clocks.items():
            self.tenant(tenant).clock = second
        for pattern in patterns:
            self.tenant(pattern.key.tenant).keep(pattern)
        for leader in leaders:
            self.tenant(leader.tenant).leaders.setdefault(leader.agent, {})[leader.case] = leader

    def take_changes(self) -> Changes:
        """What has to be saved now. Closed windows leave the memory with it."""
        changes, self.changes = self.changes, Changes()
        self.closed.clear()
        return changes

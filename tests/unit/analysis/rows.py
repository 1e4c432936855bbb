"""The tables of one partition in memory: what a saved state is restored from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from autodev.ids import TenantId
from services.analysis.domain.fold import AgentWindow
from services.analysis.domain.state import Changes, ClosedWindow, PartitionState, PatternKey, WindowKey
from services.analysis.domain.windows import Windowing
from services.analysis.store.rows import pack_leader, pack_pattern, unpack_leader, unpack_pattern

K = TypeVar("K")
V = TypeVar("V")


@dataclass
class Rows:
    clocks: dict[TenantId, int] = field(default_factory=dict)
    patterns: dict[PatternKey, bytes] = field(default_factory=dict)
    leaders: dict[PatternKey, bytes] = field(default_factory=dict)
    closed: dict[WindowKey, ClosedWindow] = field(default_factory=dict)

    def save(self, changes: Changes) -> None:
        self.clocks |= changes.clocks
        _write(self.patterns, {key: (row and pack_pattern(row)) or None for key, row in changes.patterns.items()})
        _write(self.leaders, {key: (row and pack_leader(row)) or None for key, row in changes.leaders.items()})
        self.closed |= changes.closed
        for tenant, start in changes.forgotten.items():
            for key in [key for key in self.closed if key.tenant == tenant and key.start <= start]:
                del self.closed[key]

    def load(self, windowing: Windowing) -> PartitionState:
        state = PartitionState(windowing)
        state.restore(
            self.clocks,
            [unpack_pattern(key, row) for key, row in self.patterns.items()],
            [unpack_leader(key, row) for key, row in self.leaders.items()],
        )
        return state

    def load_closed(self, windows: Iterable[AgentWindow]) -> dict[WindowKey, ClosedWindow]:
        wanted = set(windows)
        return {
            key: window
            for key, window in self.closed.items()
            if AgentWindow(key.tenant, key.agent, key.start) in wanted
        }


def _write(table: dict[K, V], changes: dict[K, V | None]) -> None:
    for key, row in changes.items():
        if row is None:
            table.pop(key, None)
        else:
            table[key] = row

"""What a tenant may use in a while, and what it has used. Pure: whoever asks says what time it is."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from autodev.ids import TenantId
from autodev.sandbox import Usage

_MICROSECONDS = 1_000_000


class Quota(BaseModel):
    """Of each tenant, in each process of the service."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    isolations: Annotated[int, Field(ge=1)] | None = None
    """At one time; None is as many as there are."""
    cpu_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 600.0
    """Within the window. Ten cores all the time by default, which only a large machine has."""
    output_bytes: Annotated[int, Field(ge=1)] = 64 * (1 << 20)
    """Within the window: of output, kept or dropped, and of results."""
    window_seconds: Annotated[float, Field(gt=0, le=3_600, allow_inf_nan=False)] = 60.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run is charged. Whole numbers, so that what is added and taken away again leaves nothing behind."""

    cpu_microseconds: int
    output_bytes: int

    @classmethod
    def of(cls, usage: Usage) -> Self:
        """Time that nobody measured, since the guest was killed with its isolation, counts as used in full."""
        seconds = usage.cpu_seconds + usage.unmeasured_seconds
        return cls(round(seconds * _MICROSECONDS), usage.output_bytes + usage.result_bytes)


class _Window:
    """One tenant's charges that still count."""

    __slots__ = ("charges", "cpu_microseconds", "output_bytes")

    def __init__(self) -> None:
        self.charges: deque[tuple[float, Cost]] = deque()
        """Each with its end, the first to end first."""
        self.cpu_microseconds = 0
        self.output_bytes = 0

    def add(self, end: float, cost: Cost) -> None:
        self.charges.append((end, cost))
        self.cpu_microseconds += cost.cpu_microseconds
        self.output_bytes += cost.output_bytes

    def drop_ended(self, now: float) -> None:
        while self.charges and self.charges[0][0] <= now:
            _, cost = self.charges.popleft()
            self.cpu_microseconds -= cost.cpu_microseconds
            self.output_bytes -= cost.output_bytes


class Spending:
    """What each tenant used within its window, which slides. A tenant is forgotten with its last charge.

    A tenant has room while it has used less than its quota. So one run may exceed it, by all that this run may use:
    what it uses is known only afterwards. Nobody is refused for ever: a charge counts for a window's length, whatever
    its size.
    """

    def __init__(self, quota: Quota) -> None:
        self._quota = quota
        self._cpu_microseconds = quota.cpu_seconds * _MICROSECONDS
        self._windows: dict[TenantId, _Window] = {}
        """The tenant charged longest ago first."""

    @property
    def known(self) -> frozenset[TenantId]:
        """Tenants of which something is kept."""
        return frozenset(self._windows)

    def charge(self, tenant: TenantId, cost: Cost, now: float) -> None:
        window = self._windows.pop(tenant, None) or _Window()
        window.drop_ended(now)
        window.add(now + self._quota.window_seconds, cost)
        self._windows[tenant] = window
        self._forget(now)

    def room_at(self, tenant: TenantId, now: float) -> float:
        """When it has room, if nothing is charged meanwhile: `now`, or the end of the first charges that leave some."""
        self._forget(now)
        window = self._windows.get(tenant)
        if window is None:
            return now
        window.drop_ended(now)
        cpu, output, moment = window.cpu_microseconds, window.output_bytes, now
        for end, cost in window.charges:
            if cpu < self._cpu_microseconds and output < self._quota.output_bytes:
                break
            cpu -= cost.cpu_microseconds
            output -= cost.output_bytes
            moment = end
        return moment

    def anyone_full(self, now: float) -> bool:
        """Whether any tenant has no room."""
        return any(self.room_at(tenant, now) > now for tenant in list(self._windows))

    def _forget(self, now: float) -> None:
        for tenant, window in list(self._windows.items()):
            if window.charges[-1][0] > now:
                return
            del self._windows[tenant]

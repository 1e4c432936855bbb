"""Who holds an isolation, who waits for one, and whose turn is next. Pure: whoever asks says what time it is."""

from __future__ import annotations

from collections import Counter

from autodev.ids import TenantId


class Turns:
    """A free isolation goes to the waiting tenant that has fewest, of equal ones to one that had none in the last
    seconds, of these to the one served longest ago.

    A tenant leaves one free for each other that had some within the last seconds, half of all at most. So whoever
    asks for much waits for its own; another's first isolation waits for one to become free, those after it for none.
    Of a tenant nothing is kept that has, awaits and lately gave back none.
    """

    def __init__(self, size: int, each: int, reserved_seconds: float) -> None:
        """`size`: isolations at one time. `each`: of one tenant; at least one of both."""
        self._size = size
        self._each = each
        self._reserved_seconds = reserved_seconds
        self._held: Counter[TenantId] = Counter()
        self._waiting: dict[TenantId, int] = {}
        """How many it waits for, the tenant served longest ago first; nobody who waits for nothing."""
        self._seen: dict[TenantId, float] = {}
        """When each last gave one back: those of the last seconds, the longest ago first."""

    @property
    def free(self) -> int:
        return self._size - self._held.total()

    @property
    def known(self) -> frozenset[TenantId]:
        """Tenants of which something is kept."""
        return frozenset(self._held.keys() | self._waiting.keys() | self._seen.keys())

    def ask(self, tenant: TenantId) -> None:
        """It waits for one more."""
        self._waiting[tenant] = self._waiting.get(tenant, 0) + 1

    def withdraw(self, tenant: TenantId) -> None:
        """It waits for one less; whoever gives up costs its tenant no turn."""
        self._waiting[tenant] -= 1
        if not self._waiting[tenant]:
            del self._waiting[tenant]

    def give_back(self, tenant: TenantId, now: float) -> None:
        self._held[tenant] -= 1
        if not self._held[tenant]:
            del self._held[tenant]
        self._seen.pop(tenant, None)
        self._seen[tenant] = now

    def serve(self, now: float) -> TenantId | None:
        """Give a free isolation to who is next; None if none is free, or nobody who waits may have it yet."""
        self._forget(now)
        entitled = [tenant for tenant in self._waiting if self._may_have_another(tenant)] if self.free else []
        if not entitled:
            return None
        following = min(entitled, key=lambda tenant: (self._held[tenant], tenant in self._seen))
        left = self._waiting.pop(following) - 1
        if left:
            self._waiting[following] = left  # behind the others
        self._held[following] += 1
        return following

    def look_again_at(self) -> float | None:
        """When somebody may have a free one that nobody may have now; None if that is not a matter of time."""
        if self.free and self._waiting and self._seen:
            return next(iter(self._seen.values())) + self._reserved_seconds
        return None

    def _may_have_another(self, tenant: TenantId) -> bool:
        others = len((self._seen.keys() | self._held.keys()) - {tenant})
        return self._held[tenant] < min(self._each, max(1, self._size // 2, self._size - others))

    def _forget(self, now: float) -> None:
        until = now - self._reserved_seconds
        for tenant in [tenant for tenant, seen in self._seen.items() if seen <= until]:
            del self._seen[tenant]

"""How many isolations run at one time, and whose is next."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from autodev.ids import TenantId


class FairSlots:
    """A free slot goes to the waiting tenant that has fewest, of equal ones to the one that was served longest ago.

    So whoever asks for much waits for its own, and another's first isolation for one slot to become free.
    """

    def __init__(self, size: int) -> None:
        """`size`: isolations at one time, over all tenants; at least one."""
        self._free = size
        self._held: Counter[TenantId] = Counter()
        self._waiting: dict[TenantId, deque[asyncio.Future[None]]] = {}
        """By tenant, the one served longest ago first; nobody who waits for nothing."""

    @asynccontextmanager
    async def of(self, tenant: TenantId) -> AsyncIterator[None]:
        """Hold a slot for `tenant` within the block, waiting for it first."""
        await self._take(tenant)
        try:
            yield
        finally:
            self._give_back(tenant)

    async def _take(self, tenant: TenantId) -> None:
        if self._free:  # nobody waits while a slot is free
            self._free -= 1
            self._held[tenant] += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it was given the slot at the same moment
                self._give_back(tenant)
            raise

    def _give_back(self, tenant: TenantId) -> None:
        self._held[tenant] -= 1
        if not self._held[tenant]:
            del self._held[tenant]
        while self._waiting:
            following = min(self._waiting, key=self._held.__getitem__)
            turns = self._waiting.pop(following)
            turn = turns.popleft()
            if turns:
                self._waiting[following] = turns  # behind the others
            if not turn.done():  # else it has given up
                self._held[following] += 1
                turn.set_result(None)
                return
        self._free += 1

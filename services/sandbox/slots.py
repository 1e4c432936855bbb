"""How many isolations run at one time, and whose is next."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from autodev.ids import TenantId

RESERVED_SECONDS: Final = 3.0
"""How long a slot is left free for a tenant that has given one back: its case has its next step by then."""


class FairSlots:
    """A free slot goes to the waiting tenant that has fewest, of equal ones to the one that was served longest ago.

    A tenant leaves a slot free for each other that had some within the last seconds, half of all slots at most. So
    whoever asks for much waits for its own; another's first isolation waits for one slot to become free, those after it
    for none.
    """

    def __init__(self, size: int, reserved_seconds: float = RESERVED_SECONDS) -> None:
        """`size`: isolations at one time, over all tenants; at least one."""
        self._size = size
        self._free = size
        self._reserved_seconds = reserved_seconds
        self._held: Counter[TenantId] = Counter()
        self._waiting: dict[TenantId, deque[asyncio.Future[None]]] = {}
        """By tenant, the one served longest ago first; nobody who waits for nothing."""
        self._seen: dict[TenantId, float] = {}
        """When each last gave one back, on the loop's clock: those of the last seconds, the longest ago first."""
        self._look_again: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def of(self, tenant: TenantId) -> AsyncIterator[None]:
        """Hold a slot for `tenant` within the block, waiting for it first."""
        await self._take(tenant)
        try:
            yield
        finally:
            self._give_back(tenant)

    async def _take(self, tenant: TenantId) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, deque()).append(turn)
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it was given the slot at the same moment
                self._give_back(tenant)
            else:
                self._withdraw(tenant, turn)
            raise

    def _withdraw(self, tenant: TenantId, turn: asyncio.Future[None]) -> None:
        """Whoever gives up costs its tenant no turn."""
        turns = self._waiting.get(tenant, deque())
        if turn in turns:
            turns.remove(turn)
        if not turns:
            self._waiting.pop(tenant, None)

    def _give_back(self, tenant: TenantId) -> None:
        self._held[tenant] -= 1
        if not self._held[tenant]:
            del self._held[tenant]
        self._free += 1
        self._seen.pop(tenant, None)
        self._seen[tenant] = asyncio.get_running_loop().time()
        self._serve()

    def _serve(self) -> None:
        """Give free slots to those who wait and may have one, now and when others' time is over."""
        self._forget()
        while self._free and (entitled := [tenant for tenant in self._waiting if self._may_have_another(tenant)]):
            following = min(entitled, key=self._held.__getitem__)
            turns = self._waiting.pop(following)
            turn = turns.popleft()
            if turns:
                self._waiting[following] = turns  # behind the others
            if not turn.done():  # else it has given up at this moment
                self._free -= 1
                self._held[following] += 1
                turn.set_result(None)
        if self._free and self._waiting and self._look_again is None:
            loop = asyncio.get_running_loop()
            self._look_again = loop.call_at(next(iter(self._seen.values())) + self._reserved_seconds, self._later)

    def _later(self) -> None:
        self._look_again = None
        self._serve()

    def _may_have_another(self, tenant: TenantId) -> bool:
        others = len((self._seen.keys() | self._held.keys()) - {tenant})
        return self._held[tenant] < max(1, self._size // 2, self._size - others)

    def _forget(self) -> None:
        until = asyncio.get_running_loop().time() - self._reserved_seconds
        for tenant in [tenant for tenant, seen in self._seen.items() if seen <= until]:
            del self._seen[tenant]

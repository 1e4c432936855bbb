"""Waiting for an isolation: how many run at one time, and whose is next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

from autodev.ids import TenantId
from autodev.telemetry.metrics import SANDBOX_QUEUE_WAIT
from services.sandbox.domain.turns import Turns

RESERVED_SECONDS: Final = 3.0
"""How long a slot is left free for a tenant that has given one back: its case has its next step by then."""


class FairSlots:
    """Slots for isolations, given away by the rules of `Turns`."""

    def __init__(self, size: int, reserved_seconds: float = RESERVED_SECONDS, *, each: int | None = None) -> None:
        """`size`: isolations at one time, over all tenants; at least one. `each`: of one tenant; None is all."""
        self._turns = Turns(size, size if each is None else each, reserved_seconds)
        self._waiting: dict[TenantId, deque[asyncio.Future[None]]] = {}
        self._look_again: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def of(self, tenant: TenantId) -> AsyncIterator[None]:
        """Hold a slot for `tenant` within the block, waiting for it first."""
        asked = perf_counter()
        await self._take(tenant)
        SANDBOX_QUEUE_WAIT.record(perf_counter() - asked, {"for": "slot"})
        try:
            yield
        finally:
            self._give_back(tenant)

    async def _take(self, tenant: TenantId) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, deque()).append(turn)
        self._turns.ask(tenant)
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._withdraw(tenant, turn)
            else:  # it was given the slot at the same moment
                self._give_back(tenant)
            raise

    def _withdraw(self, tenant: TenantId, turn: asyncio.Future[None]) -> None:
        if turn in self._waiting.get(tenant, ()):
            self._turns.withdraw(tenant)
            self._remove(tenant, turn)

    def _remove(self, tenant: TenantId, turn: asyncio.Future[None]) -> None:
        self._waiting[tenant].remove(turn)
        if not self._waiting[tenant]:
            del self._waiting[tenant]

    def _give_back(self, tenant: TenantId) -> None:
        self._turns.give_back(tenant, asyncio.get_running_loop().time())
        self._serve()

    def _serve(self) -> None:
        """Give free slots to those who wait and may have one, now and when others' time is over."""
        loop = asyncio.get_running_loop()
        for waiting, turn in [(tenant, turn) for tenant, turns in self._waiting.items() for turn in turns]:
            if turn.cancelled():  # at this moment: its task has yet to learn of it
                self._withdraw(waiting, turn)
        while (tenant := self._turns.serve(loop.time())) is not None:
            turn = self._waiting[tenant][0]
            self._remove(tenant, turn)
            turn.set_result(None)
        again = self._turns.look_again_at()
        if again is not None and self._look_again is None:
            self._look_again = loop.call_at(again, self._later)

    def _later(self) -> None:
        self._look_again = None
        self._serve()

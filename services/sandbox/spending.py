"""Waiting until a tenant has room in its quota again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from autodev.events.binary import from_record
from autodev.events.invalid import InvalidRecordError
from autodev.events.models.search import CandidatesProposed
from autodev.events.record import Record
from autodev.ids import TenantId
from autodev.sandbox import Usage
from autodev.telemetry.metrics import SANDBOX_QUEUE_WAIT
from services.sandbox.domain.quota import Cost, Quota, Spending

log = structlog.get_logger(__name__)


class MeteredTenants:
    """What tenants have used lately, in this process, on the loop's clock."""

    def __init__(self, quota: Quota) -> None:
        self._spending = Spending(quota)

    def charge(self, tenant: TenantId, usage: Usage) -> None:
        self._spending.charge(tenant, Cost.of(usage), asyncio.get_running_loop().time())

    async def room(self, tenant: TenantId) -> None:
        """Return as soon as `tenant` has room, which it has after a window's length if it uses nothing meanwhile."""
        clock = asyncio.get_running_loop().time
        asked = clock()
        seconds = self._spending.room_at(tenant, asked) - asked
        if seconds <= 0:
            return
        log.info("waiting_for_quota", tenant=tenant, seconds=round(seconds, 1))
        while seconds > 0:
            await asyncio.sleep(seconds)
            seconds = self._spending.room_at(tenant, clock()) - clock()
        SANDBOX_QUEUE_WAIT.record(clock() - asked, {"for": "quota"})

    async def admit(self, records: Sequence[Record]) -> None:
        """Return as soon as the tenants of the generations in `records` have room.

        Before the transaction, so that who waits holds no connection, and a rebalance or shutdown does not wait.
        """
        if not self._spending.anyone_full(asyncio.get_running_loop().time()):
            return  # the common case, without reading the records twice
        for record in records:
            if (tenant := _tenant_of(record)) is not None:
                await self.room(tenant)


def _tenant_of(record: Record) -> TenantId | None:
    """None of what is no generation: that is the handling's to find, and uses nothing."""
    try:
        data = from_record(record).data
    except InvalidRecordError:
        return None
    return data.tenant_id if isinstance(data, CandidatesProposed) else None

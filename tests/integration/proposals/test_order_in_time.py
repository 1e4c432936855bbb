"""Two replicas change cases of one tenant: who comes later says a later time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from autodev.stream.clock import transaction_time
from autodev.stream.postgres.journal import JournaledLedger
from services.proposals.store.cases import lock_tenants
from tests.integration.loopback import speed
from tests.integration.proposals.desk import Desk

pytestmark = pytest.mark.postgres


async def test_a_transaction_that_waited_for_another_is_later_than_what_it_waited_for(desk: Desk) -> None:
    ledger = JournaledLedger(desk.service.engine, "proposals", clock=desk.clock)
    begun = asyncio.Event()

    async def waiter() -> datetime:
        async with ledger.begin() as transaction:
            begun.set()
            await lock_tenants(transaction.store, [speed.TENANT])
            return transaction_time()

    async with ledger.begin() as transaction:
        await lock_tenants(transaction.store, [speed.TENANT])
        waiting = asyncio.create_task(waiter())
        await begun.wait()
        desk.clock.move(timedelta(seconds=1))
        changed_at = transaction_time()
        desk.clock.move(timedelta(seconds=1))

    assert await waiting > changed_at

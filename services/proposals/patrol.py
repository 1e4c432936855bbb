"""Looks for cases whose waiting is over though no event says so: enough patience, or a new day's quota."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event, new_event
from autodev.events.models.case import CaseChanged
from autodev.events.models.journal import CaseWoken
from autodev.events.record import OutgoingRecord
from autodev.ids import EventId, derived_id
from autodev.stream.clock import transaction_time
from autodev.stream.emission import to_records
from autodev.stream.postgres.journal import entry
from autodev.stream.postgres.ledger import PostgresLedger
from services.proposals.domain.case import Case, changed
from services.proposals.engines.engine import Engine
from services.proposals.search.step import Step
from services.proposals.store import cases

log = structlog.get_logger(__name__)

EVERY_SECONDS = 1.0
SOURCE = "/services/proposals/patrol"


@dataclass(frozen=True)
class Patrol:
    """Replicas may all patrol: the tenant's lock lets one start a case, the others find it started."""

    ledger: PostgresLedger
    engines: Sequence[Engine]
    clock: Callable[[], datetime] = transaction_time

    async def run(self) -> None:
        """Patrol until cancelled; a database that is away is tried again."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 - whatever the driver raises; readiness tells the operator
                log.warning("patrol_interrupted", reason=f"{type(error).__name__}: {error}")

    async def round(self) -> None:
        """Start what is due, one transaction a case."""
        async with self.ledger.begin() as transaction:
            due = await cases.due(transaction.store, self.clock())
        for case in due:
            try:
                await self._wake(case)
            except Exception as error:  # noqa: BLE001 - one case that can't be woken keeps no other asleep
                log.warning("case_not_woken", case=case.case_id, reason=f"{type(error).__name__}: {error}")

    async def _wake(self, seen: Case) -> None:
        async with self.ledger.begin() as transaction:
            await cases.lock_tenants(transaction.store, [seen.tenant_id])
            case = await cases.find(transaction.store, seen.tenant_id, seen.case_id)
            if case != seen:
                return
            said = CaseWoken(
                service="proposals", tenant_id=case.tenant_id, case_id=case.case_id, woken_at=transaction_time()
            )
            records = await go_on(transaction.store, self.engines, case, self.clock)
            journaled = entry(said, "proposals", "woken", case.case_id, case.round, str(case.wake_at))
            await transaction.enqueue([*records, journaled])


async def go_on(
    connection: AsyncConnection,
    engines: Sequence[Engine],
    case: Case,
    clock: Callable[[], datetime] = transaction_time,
) -> list[OutgoingRecord]:
    """Go on with a case whose waiting is over, under its tenant's lock; what is to be published because of it."""
    emissions = await Step(connection, _cause(case, clock()), engines, clock).woken(case)
    return to_records(emissions, SOURCE)


def _cause(case: Case, now: datetime) -> Event[CaseChanged]:
    """Stands for the moment itself; its id is the case's waiting, so that a retry makes the same events."""
    moment = new_event(changed(case, case.state, now), source=SOURCE, correlation_id=case.case_id)
    return Event(
        id=EventId(derived_id("waited", case.case_id, case.round, str(case.wake_at))),
        source=moment.source,
        type=moment.type,
        time=moment.time,
        key=moment.key,
        data=moment.data,
        correlation_id=case.case_id,
    )

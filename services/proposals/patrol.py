"""Looks for cases whose waiting is over though no event says so: enough patience, or a new day's quota."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from autodev.events.envelope import Event, new_event
from autodev.events.models.base import utc_now
from autodev.events.models.case import CaseChanged
from autodev.ids import EventId, derived_id
from autodev.stream.emission import to_events, to_records
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
    clock: Callable[[], datetime] = utc_now

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
            emissions = await Step(transaction.store, _cause(case, self.clock()), self.engines, self.clock).woken(case)
            await transaction.enqueue(to_records(to_events(emissions, SOURCE)))


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

"""The beginning of a search: may it start, from what, and the first generation.

Every step runs in the transaction of the event that caused it, under the tenant's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.models.base import EventData
from autodev.events.models.case import CanaryCounts, CaseState
from autodev.events.models.search import EvidenceCall, Seen
from autodev.ids import TenantId
from autodev.repair import Edit, RepairError
from autodev.repair.search.experience import Document, as_document
from autodev.stream.clock import transaction_time
from autodev.stream.emission import Emission, emit
from autodev.telemetry.metrics import CANDIDATES_TRIED
from services.proposals.domain import generation
from services.proposals.domain.case import Case, changed
from services.proposals.domain.seen import step_limit_of
from services.proposals.engines.engine import Engine
from services.proposals.search.material import (
    SEARCHES_AT_ONCE,
    WAITING_FOR_A_PLACE,
    WAITING_FOR_CALLS,
    Material,
    gather,
    refusal,
)
from services.proposals.search.untried import untried_edits
from services.proposals.store import cases, experience, governance
from services.proposals.store.standing import standing_of

WAITING_FOR_MORE = "waiting a moment for a second failing call to hold out, or for a good one to keep"
AWAITS_EVIDENCE = frozenset({WAITING_FOR_CALLS, WAITING_FOR_MORE})
ANSWER_WITHIN = timedelta(hours=1)
"""How long a search waits for sandbox and fitness; longer than either is left out, and not for ever."""
PATIENCE = timedelta(seconds=5)
"""How long a case waits for more than a single failing call; with less evidence a person will have to decide."""


@dataclass(frozen=True)
class Start:
    """The beginning of searches, on behalf of one event."""

    connection: AsyncConnection
    cause: Event[Any]
    engines: Sequence[Engine]
    clock: Callable[[], datetime] = transaction_time

    async def start(self, case: Case) -> list[Emission]:
        """Begin the search of an open case, or note why it waits."""
        standing = await standing_of(self.connection, case.tenant_id, case.agent_id)
        found = refusal(case, standing) or await gather(self.connection, case)
        if isinstance(found, str):
            return await self._wait(case, found)
        return await self._start(case, found, standing.settings.max_skill_candidates_per_day)

    async def _start(self, case: Case, material: Material, limit: int) -> list[Emission]:
        if material.is_thin:
            until = case.wake_at if case.reason == WAITING_FOR_MORE else None
            if until is None or until > self.clock():
                return await self._wait(case, WAITING_FOR_MORE, until or self.clock() + PATIENCE)
        today = self.clock().date()
        if not await governance.reserve(self.connection, case.tenant_id, case.agent_id, today, limit):
            tomorrow = datetime.combine(today + timedelta(days=1), time.min, UTC)
            reason = f"daily limit of {limit} reached for agent {case.agent_id}; goes on at 00:00 UTC"
            return await self._wait(case, reason, tomorrow)
        started = replace(
            case.to(CaseState.SEARCHING, "does the failure reproduce?"),
            skill=material.base.skill,
            base_promoted=material.base.promoted,
            first_failure_at=material.first_failure_at if case.round == 1 else case.first_failure_at,
            reserved_on=today,
            wake_at=None,
        )
        known = as_document(await experience.of(self.connection, case.tenant_id))
        search = cases.Search(entrypoint=material.base.entrypoint, calls=material.calls, experience=known)
        await cases.keep_search(self.connection, started, search)
        try:
            return await self._first_generation(case, started, material, known)
        except RepairError as error:
            return await self._end(started, CaseState.NOT_REPRODUCED, str(error))

    async def start_freed(self, left: Case) -> list[Emission]:
        """Start those of the cases that `left` may have held up that can, oldest failure first."""
        emissions: list[Emission] = []
        full = False
        for waiting in await cases.freed_by(self.connection, left, WAITING_FOR_A_PLACE):
            if waiting.reason == WAITING_FOR_A_PLACE:  # asked once for all of them: there may be many
                full = full or await cases.searches(self.connection, left.tenant_id) >= SEARCHES_AT_ONCE
                if full:
                    continue
            emissions.extend(await self.start(waiting))
        return emissions

    async def start_waiting(self, tenant: TenantId) -> list[Emission]:
        """Start those of the tenant's open cases that can, oldest failure first."""
        emissions: list[Emission] = []
        for waiting in await cases.waiting(self.connection, tenant):
            emissions.extend(await self.start(waiting))
        return emissions

    async def _first_generation(self, case: Case, started: Case, material: Material, known: Document) -> list[Emission]:
        """The unmodified skill, and beside it what engines make of the recorded frames.

        Whether the failure reproduces is known from the unmodified skill's run before any other counts. Where the
        frames are of an older version and say nothing to engines, it runs alone first and shows where it fails now.
        """
        edits = await untried_edits(self.connection, self.engines, started, material.base, material.calls, known)
        if edits:
            return await self._propose(started, material.base, material.calls, edits, case.state)
        alone = generation.proposal(started, material.base, material.calls, [])
        asked = replace(started, wake_at=self.clock() + ANSWER_WITHIN)
        return [*await self.save(asked, case.state), self.emit(alone, asked)]

    async def _propose(
        self,
        case: Case,
        base: generation.Base,
        calls: Sequence[EvidenceCall],
        edits: Sequence[Edit],
        previous: CaseState,
        seen: Sequence[Seen] = (),
    ) -> list[Emission]:
        number = case.generation + 1
        following = replace(
            case,
            generation=number,
            tried=case.tried + len(edits),
            reason=f"generation {number}: {len(edits)} candidates",
            wake_at=self.clock() + ANSWER_WITHIN,
        )
        proposed = generation.proposal(following, base, calls, generation.candidates(case, edits), step_limit_of(seen))
        for edit in edits:
            CANDIDATES_TRIED.add(1, {"operator": edit.operator})
        return [*await self.save(following, previous), self.emit(proposed, following)]

    async def _end(self, case: Case, state: CaseState, reason: str) -> list[Emission]:
        await self._release(case)
        return await self.save(replace(case.to(state, reason), reserved_on=None), case.state)

    async def _wait(self, case: Case, reason: str, wake_at: datetime | None = None) -> list[Emission]:
        if (case.reason, case.wake_at) == (reason, wake_at):
            return []
        return await self.save(replace(case, reason=reason, wake_at=wake_at), case.state)

    async def _release(self, case: Case) -> None:
        if case.reserved_on is not None:
            await governance.release(self.connection, case.tenant_id, case.agent_id, case.reserved_on)

    async def save(self, case: Case, previous: CaseState | None, canary: CanaryCounts | None = None) -> list[Emission]:
        """Store the case as it is now, and tell."""
        await cases.save(self.connection, case)
        return [self.emit(changed(case, previous, self.clock(), canary), case)]

    def emit(self, data: EventData, case: Case) -> Emission:
        return emit(data, self.cause, case=case.case_id)

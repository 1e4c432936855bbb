"""A case's search, step by step: may it start, does the failure reproduce, what is tried next, how it ends.

Every step runs in the transaction of the event that caused it, under the tenant's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.models.base import EventData
from autodev.events.models.case import CanaryCounts, CaseState
from autodev.events.models.search import CandidatesScored, Decision, EvidenceCall, Role
from autodev.ids import TenantId
from autodev.repair import Edit, RepairError
from autodev.stream.clock import transaction_time
from autodev.stream.emission import Emission, emit
from autodev.telemetry.metrics import CANDIDATES_TRIED
from services.proposals.domain import generation
from services.proposals.domain.case import Case, changed
from services.proposals.engines.engine import Engine
from services.proposals.search.material import WAITING_FOR_CALLS, Material, gather, refusal
from services.proposals.search.untried import untried_edits
from services.proposals.store import cases, governance, skills
from services.proposals.store import evidence as evidences

WAITING_FOR_MORE = "waiting a moment for a second failing call to hold out, or for a good one to keep"
AWAITS_EVIDENCE = frozenset({WAITING_FOR_CALLS, WAITING_FOR_MORE})
ANSWER_WITHIN = timedelta(hours=1)
"""How long a search waits for sandbox and fitness; longer than either is left out, and not for ever."""
PATIENCE = timedelta(seconds=5)
"""How long a case waits for more than a single failing call; with less evidence a person will have to decide."""


@dataclass(frozen=True)
class Step:
    """Case work on behalf of one event."""

    connection: AsyncConnection
    cause: Event[Any]
    engines: Sequence[Engine]
    clock: Callable[[], datetime] = transaction_time

    async def start(self, case: Case) -> list[Emission]:
        """Begin the search of an open case, or note why it waits."""
        found = await refusal(self.connection, case) or await gather(self.connection, case)
        if isinstance(found, str):
            return await self._wait(case, found)
        return await self._start(case, found)

    async def _start(self, case: Case, material: Material) -> list[Emission]:
        if material.is_thin:
            until = case.wake_at if case.reason == WAITING_FOR_MORE else None
            if until is None or until > self.clock():
                return await self._wait(case, WAITING_FOR_MORE, until or self.clock() + PATIENCE)
        limit = (await governance.settings_of(self.connection, case.tenant_id)).max_skill_candidates_per_day
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
        await cases.begin_search(self.connection, started, material.base.entrypoint, material.calls)
        try:
            return await self._first_generation(case, started, material)
        except RepairError as error:
            return await self._end(started, CaseState.NOT_REPRODUCED, str(error))

    async def scored(self, case: Case, scored: CandidatesScored) -> list[Emission]:
        """Go on from a generation's scores."""
        overtaken = scored.decision is Decision.STALE and case.state is CaseState.AWAITING_APPROVAL
        searched = case.state is CaseState.SEARCHING
        if not (searched or overtaken) or (case.round, case.generation) != (scored.round, scored.generation):
            return []  # of a round that ended meanwhile
        match scored.decision:
            case Decision.NOT_REPRODUCED:
                await self._discard_unsound(case, scored, {Role.FAILING})
                return await self.end(case, CaseState.NOT_REPRODUCED, scored.reason)
            case Decision.APPROVAL_REQUESTED:
                return await self._await_approval(case, scored)
            case Decision.PROMOTED:
                return []  # skill.promoted says so, and with which version
            case Decision.STALE:
                return await self.restart(case, scored.reason)
            case Decision.REPRODUCED | Decision.CONTINUE:
                return await self._next_generation(case, scored)

    async def restart(self, case: Case, reason: str) -> list[Emission]:
        """Search again on the skill as it is now."""
        await self._release(case)
        reopened = case.reopened(reason)
        return [*await self.save(reopened, case.state), *await self.start_freed(case)]

    async def end(self, case: Case, state: CaseState, reason: str) -> list[Emission]:
        """End a search that asks for no promotion, and start what its skill or its quota held up."""
        return [*await self._end(case, state, reason), *await self.start_freed(case)]

    async def reject(self, case: Case, reason: str) -> list[Emission]:
        """End a case that did ask for a promotion: its place in the day's quota stays taken."""
        return await self.save(case.to(CaseState.REJECTED, reason), case.state)

    async def _await_approval(self, case: Case, scored: CandidatesScored) -> list[Emission]:
        asked = replace(case.to(CaseState.AWAITING_APPROVAL, scored.reason), candidate=scored.chosen)
        emissions = await self.save(asked, case.state)
        if case.rejection is not None and case.candidate == scored.chosen:
            emissions += await self.reject(asked, case.rejection)
        return [*emissions, *await self.start_freed(case)]

    async def woken(self, case: Case) -> list[Emission]:
        """Go on with a case whose waiting is over: start it with what there is, or give up on an answer."""
        if case.state is CaseState.OPEN:
            return await self.start(case)
        hours = int(ANSWER_WITHIN.total_seconds() // 3600)
        reason = (
            f"no answer to generation {case.generation} within {hours} h: see the dead letters of sandbox and fitness"
        )
        return await self.end(case, CaseState.EXHAUSTED, reason)

    async def start_freed(self, left: Case) -> list[Emission]:
        """Start those of the cases that `left` may have held up that can, oldest failure first."""
        emissions: list[Emission] = []
        for waiting in await cases.freed_by(self.connection, left):
            emissions.extend(await self.start(waiting))
        return emissions

    async def start_waiting(self, tenant: TenantId) -> list[Emission]:
        """Start those of the tenant's open cases that can, oldest failure first."""
        emissions: list[Emission] = []
        for waiting in await cases.waiting(self.connection, tenant):
            emissions.extend(await self.start(waiting))
        return emissions

    async def _first_generation(self, case: Case, started: Case, material: Material) -> list[Emission]:
        """The unmodified skill, and beside it what engines make of the recorded frames.

        Whether the failure reproduces is known from the unmodified skill's run before any other counts. Where the
        frames are of an older version and say nothing to engines, it runs alone first and shows where it fails now.
        """
        edits = await untried_edits(self.connection, self.engines, started, material.base, material.calls, {})
        if edits:
            return await self._propose(started, material.base, material.calls, edits, case.state)
        alone = generation.proposal(started, material.base, material.calls, [])
        asked = replace(started, wake_at=self.clock() + ANSWER_WITHIN)
        return [*await self.save(asked, case.state), self.emit(alone, asked)]

    async def _next_generation(self, case: Case, scored: CandidatesScored) -> list[Emission]:
        assert case.skill is not None
        entrypoint, all_calls = await cases.search_of(self.connection, case)
        base = await skills.base(self.connection, case.tenant_id, case.skill, entrypoint)
        if base is None or base.promoted != case.base_promoted:
            return await self.restart(case, "the skill was changed meanwhile")
        calls = [call for call in all_calls if call.call_id in scored.sound_calls]
        await self._discard_unsound(case, scored, {Role.FAILING, Role.PASSING})
        if case.generation >= generation.GENERATIONS:
            return await self.end(
                case, CaseState.EXHAUSTED, f"{case.tried} candidates in {case.generation} generations"
            )
        observed = {seen.call_id: seen for seen in scored.observed}
        edits = await untried_edits(self.connection, self.engines, case, base, calls, observed)
        if not edits:
            return await self.end(case, CaseState.EXHAUSTED, f"nothing left to try after {case.tried} candidates")
        return await self._propose(case, base, calls, edits, case.state)

    async def _propose(
        self,
        case: Case,
        base: generation.Base,
        calls: Sequence[EvidenceCall],
        edits: Sequence[Edit],
        previous: CaseState,
    ) -> list[Emission]:
        number = case.generation + 1
        following = replace(
            case,
            generation=number,
            tried=case.tried + len(edits),
            reason=f"generation {number}: {len(edits)} candidates",
            wake_at=self.clock() + ANSWER_WITHIN,
        )
        proposed = generation.proposal(following, base, calls, generation.candidates(case, edits))
        for edit in edits:
            CANDIDATES_TRIED.add(1, {"operator": edit.operator})
        return [*await self.save(following, previous), self.emit(proposed, following)]

    async def _end(self, case: Case, state: CaseState, reason: str) -> list[Emission]:
        await self._release(case)
        return await self.save(replace(case.to(state, reason), reserved_on=None), case.state)

    async def _discard_unsound(self, case: Case, scored: CandidatesScored, roles: Collection[Role]) -> None:
        """Calls that gave another outcome; those that gave none, on a busy machine say, may yet be evidence."""
        _, calls = await cases.search_of(self.connection, case)
        unsound = {call.call_id for call in calls if call.role in roles} & set(scored.refuted_calls)
        await evidences.discard(self.connection, case.tenant_id, scored.skill, case.base_promoted, unsound)

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

"""A search goes on: what a generation's scores lead to, and how it ends."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from autodev.events.models.case import CaseState
from autodev.events.models.search import CandidatesScored, Decision, Role
from autodev.stream.emission import Emission
from services.proposals.domain import generation
from services.proposals.domain.case import Case
from services.proposals.domain.seen import gathered
from services.proposals.search.start import ANSWER_WITHIN, Start
from services.proposals.search.untried import untried_edits
from services.proposals.store import cases, skills
from services.proposals.store import evidence as evidences


@dataclass(frozen=True)
class Step(Start):
    """Case work on behalf of one event."""

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

    async def _next_generation(self, case: Case, scored: CandidatesScored) -> list[Emission]:
        assert case.skill is not None
        search = await cases.search_of(self.connection, case)
        base = await skills.base(self.connection, case.tenant_id, case.skill, search.entrypoint)
        if base is None or base.promoted != case.base_promoted:
            return await self.restart(case, "the skill was changed meanwhile")
        calls = [call for call in search.calls if call.call_id in scored.sound_calls]
        await self._discard_unsound(case, scored, {Role.FAILING, Role.PASSING})
        if case.generation >= generation.GENERATIONS:
            return await self.end(
                case, CaseState.EXHAUSTED, f"{case.tried} candidates in {case.generation} generations"
            )
        observed = {each.call_id: each for each in scored.observed}
        seen = gathered(search.seen, scored.seen)
        if seen != search.seen:
            await cases.keep_search(self.connection, case, search.model_copy(update={"seen": seen}))
        edits = await untried_edits(self.connection, self.engines, case, base, calls, search.experience, observed, seen)
        if not edits:
            return await self.end(case, CaseState.EXHAUSTED, f"nothing left to try after {case.tried} candidates")
        return await self._propose(case, base, calls, edits, case.state, seen)

    async def _discard_unsound(self, case: Case, scored: CandidatesScored, roles: Collection[Role]) -> None:
        """Calls that gave another outcome; those that gave none, on a busy machine say, may yet be evidence."""
        search = await cases.search_of(self.connection, case)
        unsound = {call.call_id for call in search.calls if call.role in roles} & set(scored.refuted_calls)
        await evidences.discard(self.connection, case.tenant_id, scored.skill, case.base_promoted, unsound)

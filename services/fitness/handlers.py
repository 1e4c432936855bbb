"""Facts in; scores, approvals, promotions and withdrawals out."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.models.base import EventData
from autodev.events.models.case import ApprovalDecided, RollbackRequested, WithdrawalRequested
from autodev.events.models.search import CandidatesExecuted, CandidatesScored, Decision
from autodev.events.models.workspace import AgentGranted, Capability, Maturity
from autodev.service.projections.maturity import grant
from autodev.stream.emission import Emission, emit
from autodev.stream.handler import BatchHandler, EventHandler, by_type
from services.fitness import store
from services.fitness.deciding import on_executed
from services.fitness.domain.candidate import (
    APPROVABLE,
    REJECTABLE,
    CandidateState,
    ValidatedCandidate,
)
from services.fitness.promoting import by_itself, promote
from services.fitness.tables import maturity as maturities
from services.fitness.taking_back import on_rollback, on_withdrawal


async def on_decided(event: Event[ApprovalDecided], connection: AsyncConnection) -> Iterable[Emission]:
    """A person's word. What is no longer theirs to decide, since it was decided or overtaken, changes nothing."""
    decided = event.data
    assert decided is not None
    found = await store.find(connection, decided.tenant_id, decided.candidate_id)
    if found is None:
        return []
    await store.lock_skill(connection, decided.tenant_id, found[0].skill.name)
    found = await store.find(connection, decided.tenant_id, decided.candidate_id)
    assert found is not None
    candidate, state = found
    if not decided.approved:
        if state in REJECTABLE:
            await store.mark(connection, candidate, CandidateState.REJECTED, decided.reviewer)
        return []
    if state not in APPROVABLE:
        return []
    current = await store.promoted(connection, decided.tenant_id, candidate.skill.name)
    # A withdrawn version comes back only where nothing has taken its place.
    expected = candidate.base_promoted if state is CandidateState.VALIDATED else None
    if current.base_of(candidate.skill.function_hash) != expected:
        if state is CandidateState.VALIDATED:  # a withdrawn one may come back when its place is free again
            await store.mark(connection, candidate, CandidateState.STALE, decided.reviewer)
        return [_stale(event, candidate)]
    replacing = candidate.model_copy(update={"base_promoted": expected})
    return [await promote(event, replacing, current, decided.reviewer, connection)]


async def on_granted(event: Event[AgentGranted], connection: AsyncConnection) -> Iterable[Emission]:
    """Whatever waited for nothing but this grant goes out, in whichever order grant and candidate were read."""
    granted = event.data
    assert granted is not None
    await store.lock_agent(connection, granted.tenant_id, granted.agent_id)
    await grant(connection, maturities, granted)
    if (granted.capability, granted.maturity) != (Capability.MEMENTO_SKILLS, Maturity.AUTONOMOUS):
        return []
    emissions = []
    for candidate in await store.held_up_by_maturity(connection, granted.tenant_id, granted.agent_id):
        await store.lock_skill(connection, granted.tenant_id, candidate.skill.name)
        current = await store.promoted(connection, granted.tenant_id, candidate.skill.name)
        if current.base_of(candidate.skill.function_hash) == candidate.base_promoted:
            emissions.append(await promote(event, candidate, current, by_itself(candidate), connection))
    return emissions


_HANDLERS: dict[type[EventData], EventHandler[AsyncConnection]] = {
    CandidatesExecuted: on_executed,
    ApprovalDecided: on_decided,
    WithdrawalRequested: on_withdrawal,
    RollbackRequested: on_rollback,
    AgentGranted: on_granted,
}
handle: BatchHandler[AsyncConnection] = by_type(_HANDLERS)


def _stale(event: Event[ApprovalDecided], candidate: ValidatedCandidate) -> Emission:
    scored = CandidatesScored(
        tenant_id=candidate.tenant_id,
        agent_id=candidate.agent_id,
        case_id=candidate.case_id,
        round=candidate.round,
        generation=candidate.generation,
        skill=candidate.skill,
        decision=Decision.STALE,
        reason="approved too late: the skill was changed meanwhile",
        sound_calls=(),
        scores=(candidate.score,),
        chosen=candidate.candidate_id,
    )
    return emit(scored, event, case=candidate.case_id)

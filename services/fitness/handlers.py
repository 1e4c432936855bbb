"""Facts in; scores, approvals, promotions and withdrawals out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.catalogue import event_type
from autodev.events.envelope import Event
from autodev.events.models.base import EventData, utc_now
from autodev.events.models.case import ApprovalDecided, ApprovalRequested, SkillWithdrawn, WithdrawalRequested
from autodev.events.models.search import CandidateScore, CandidatesExecuted, CandidatesScored, Decision
from autodev.events.models.workspace import AgentGranted
from autodev.ids import CandidateId
from autodev.stream.emission import Emission, emit, emit_tombstone
from autodev.stream.handler import BatchHandler, EventHandler, by_type
from services.fitness import store
from services.fitness.domain.candidate import (
    APPROVABLE,
    REJECTABLE,
    CandidateState,
    ValidatedCandidate,
    promotion,
    validated,
)
from services.fitness.domain.choose import Choice, choose, needs_approval
from services.fitness.domain.score import Sound, not_reproduced, score, sound_evidence

SKILL_PROMOTED = event_type("dev.autodev.skill.promoted.v1")


async def on_executed(event: Event[CandidatesExecuted], connection: AsyncConnection) -> Iterable[Emission]:
    executed = event.data
    assert executed is not None
    sound = sound_evidence(executed)
    if not sound.failing:
        return [_scored(event, sound, Decision.NOT_REPRODUCED, not_reproduced(executed))]
    if executed.generation == 0:
        reason = f"{len(sound.failing)} failing calls reproduce, {len(sound.calls) - len(sound.failing)} good ones hold"
        return [_scored(event, sound, Decision.REPRODUCED, reason)]
    scores = score(executed, sound)
    choice = choose(executed.candidates, scores, executed.base_code)
    if choice is None:
        best = max(scores, key=lambda each: (each.fixed + each.kept, each.fitness), default=None)
        reason = (
            f"none of {len(scores)} is right on every call; the best: {best.reason}" if best else "no candidate ran"
        )
        return [_scored(event, sound, Decision.CONTINUE, reason, scores)]
    return await _decide(event, executed, sound, scores, choice, connection)


async def _decide(
    event: Event[CandidatesExecuted],
    executed: CandidatesExecuted,
    sound: Sound,
    scores: list[CandidateScore],
    choice: Choice,
    connection: AsyncConnection,
) -> list[Emission]:
    tenant, name = executed.tenant_id, executed.skill.name
    chosen = choice.candidate.candidate_id
    await store.lock_skill(connection, tenant, name)
    current = await store.promoted(connection, tenant, name)
    if current.base_of(executed.skill.function_hash) != executed.base_promoted:
        return [_scored(event, sound, Decision.STALE, "the skill was changed meanwhile", scores, chosen)]
    candidate = validated(executed, choice)
    maturity = await store.maturity_of(connection, tenant, executed.agent_id)
    refused = await store.refused(connection, tenant, name)
    if reason := needs_approval(choice, sound, maturity, refused):
        await store.save(connection, candidate, CandidateState.VALIDATED)
        request = ApprovalRequested(
            tenant_id=tenant,
            agent_id=executed.agent_id,
            case_id=executed.case_id,
            candidate_id=chosen,
            skill=executed.skill,
            score=choice.score,
            reason=reason,
        )
        return [_scored(event, sound, Decision.APPROVAL_REQUESTED, reason, scores, chosen), emit(request, event)]
    promoted = await _promote(event, candidate, current, f"autonomous agent {executed.agent_id}", connection)
    return [_scored(event, sound, Decision.PROMOTED, choice.candidate.description, scores, chosen), promoted]


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
            await store.save(connection, candidate, CandidateState.REJECTED, decided.reviewer)
        return []
    if state not in APPROVABLE:
        return []
    current = await store.promoted(connection, decided.tenant_id, candidate.skill.name)
    # A withdrawn version comes back only where nothing has taken its place.
    expected = candidate.base_promoted if state is CandidateState.VALIDATED else None
    if current.base_of(candidate.skill.function_hash) != expected:
        await store.save(connection, candidate, CandidateState.STALE, decided.reviewer)
        return [_stale(event, candidate)]
    return [await _promote(event, candidate, current, decided.reviewer, connection)]


async def on_withdrawal(event: Event[WithdrawalRequested], connection: AsyncConnection) -> Iterable[Emission]:
    request = event.data
    assert request is not None
    await store.lock_skill(connection, request.tenant_id, request.skill)
    current = await store.promoted(connection, request.tenant_id, request.skill)
    if current.candidate_id is None:
        return []
    found = await store.find(connection, request.tenant_id, current.candidate_id)
    assert found is not None, "what is promoted was a candidate"
    candidate, _ = found
    await store.save(connection, candidate, CandidateState.ROLLED_BACK, request.requested_by)
    await store.set_promoted(
        connection, request.tenant_id, request.skill, store.PromotedSkill(promotions=current.promotions)
    )
    withdrawn = SkillWithdrawn(
        tenant_id=request.tenant_id,
        skill=request.skill,
        code_hash=candidate.code_hash,
        case_id=candidate.case_id,
        candidate_id=candidate.candidate_id,
        requested_by=request.requested_by,
        reason=request.reason,
    )
    return [
        emit_tombstone(SKILL_PROMOTED, request.record_key(), event, case=candidate.case_id),
        emit(withdrawn, event, case=candidate.case_id),
    ]


async def on_granted(event: Event[AgentGranted], connection: AsyncConnection) -> Iterable[Emission]:
    assert event.data is not None
    await store.grant(connection, event.data)
    return []


_HANDLERS: dict[type[EventData], EventHandler[AsyncConnection]] = {
    CandidatesExecuted: on_executed,
    ApprovalDecided: on_decided,
    WithdrawalRequested: on_withdrawal,
    AgentGranted: on_granted,
}
handle: BatchHandler[AsyncConnection] = by_type(_HANDLERS)


async def _promote(
    event: Event[Any],
    candidate: ValidatedCandidate,
    current: store.PromotedSkill,
    approved_by: str,
    connection: AsyncConnection,
) -> Emission:
    await store.save(connection, candidate, CandidateState.PROMOTED, approved_by)
    await store.set_promoted(
        connection,
        candidate.tenant_id,
        candidate.skill.name,
        store.PromotedSkill(
            current.promotions + 1, candidate.code_hash, candidate.skill.function_hash, candidate.candidate_id
        ),
    )
    promoted = promotion(candidate, current.promotions, approved_by, utc_now())
    return emit(promoted, event, case=candidate.case_id)


def _scored(
    event: Event[CandidatesExecuted],
    sound: Sound,
    decision: Decision,
    reason: str,
    scores: Iterable[CandidateScore] = (),
    chosen: CandidateId | None = None,
) -> Emission:
    executed = event.data
    assert executed is not None
    scored = CandidatesScored(
        tenant_id=executed.tenant_id,
        agent_id=executed.agent_id,
        case_id=executed.case_id,
        round=executed.round,
        generation=executed.generation,
        skill=executed.skill,
        decision=decision,
        reason=reason,
        sound_calls=tuple(call.call_id for call in sound.calls),
        observed=sound.observed(),
        scores=tuple(scores),
        chosen=chosen,
    )
    return emit(scored, event)


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

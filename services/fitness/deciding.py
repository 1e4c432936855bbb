"""A generation's facts in; its scores, and what becomes of the best candidate, out."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.models.case import ApprovalRequested
from autodev.events.models.search import CandidateScore, CandidatesExecuted, CandidatesScored, Decision, Seen
from autodev.events.models.workspace import Capability
from autodev.ids import CandidateId
from autodev.service.projections.maturity import maturity_of
from autodev.stream.emission import Emission, emit
from services.fitness import store
from services.fitness.domain.candidate import CandidateState, validated
from services.fitness.domain.choose import Choice, choose, objection
from services.fitness.domain.score import Sound, not_reproduced, score, sound_evidence
from services.fitness.domain.seen import seen
from services.fitness.promoting import by_itself, promote
from services.fitness.tables import maturity as maturities


async def on_executed(event: Event[CandidatesExecuted], connection: AsyncConnection) -> Iterable[Emission]:
    executed = event.data
    assert executed is not None
    sound = sound_evidence(executed)
    if not sound.failing:
        return [_scored(event, sound, Decision.NOT_REPRODUCED, not_reproduced(executed))]
    if executed.generation == 0:
        reason = f"{len(sound.failing)} failing calls reproduce, {len(sound.calls) - len(sound.failing)} good ones hold"
        return [_scored(event, sound, Decision.REPRODUCED, reason, seen=seen(executed))]
    scores = score(executed, sound)
    choice = choose(executed.candidates, scores, executed.base_code)
    if choice is None:
        best = max(scores, key=lambda each: (each.fixed + each.kept, each.fitness), default=None)
        reason = (
            f"none of {len(scores)} is right on every call; the best: {best.reason}" if best else "no candidate ran"
        )
        return [_scored(event, sound, Decision.CONTINUE, reason, scores, seen=seen(executed))]
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
    await store.lock_agent(connection, tenant, executed.agent_id)
    await store.lock_skill(connection, tenant, name)
    current = await store.promoted(connection, tenant, name)
    if current.base_of(executed.skill.function_hash) != executed.base_promoted:
        return [_scored(event, sound, Decision.STALE, "the skill was changed meanwhile", scores, chosen)]
    candidate = validated(executed, choice)
    maturity = await maturity_of(connection, maturities, tenant, executed.agent_id, Capability.MEMENTO_SKILLS)
    refused = await store.refused(connection, tenant, name)
    if objected := objection(choice, sound, maturity, refused):
        await store.save(connection, candidate, CandidateState.VALIDATED, obstacle=objected.obstacle)
        request = ApprovalRequested(
            tenant_id=tenant,
            agent_id=executed.agent_id,
            case_id=executed.case_id,
            candidate_id=chosen,
            skill=executed.skill,
            score=choice.score,
            reason=objected.reason,
        )
        asked = _scored(event, sound, Decision.APPROVAL_REQUESTED, objected.reason, scores, chosen)
        return [asked, emit(request, event)]
    promoted = await promote(event, candidate, current, by_itself(candidate), connection)
    return [_scored(event, sound, Decision.PROMOTED, choice.candidate.description, scores, chosen), promoted]


def _scored(
    event: Event[CandidatesExecuted],
    sound: Sound,
    decision: Decision,
    reason: str,
    scores: Iterable[CandidateScore] = (),
    chosen: CandidateId | None = None,
    seen: Iterable[Seen] = (),
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
        refuted_calls=sound.refuted,
        observed=sound.observed(),
        scores=tuple(scores),
        chosen=chosen,
        seen=tuple(seen),
    )
    return emit(scored, event)

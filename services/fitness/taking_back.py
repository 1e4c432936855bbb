"""Versions taken back: by a person, who wants the original, or because one failed, for the version before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.catalogue import event_type
from autodev.events.envelope import Event
from autodev.events.models.case import RollbackRequested, SkillWithdrawn, WithdrawalRequested
from autodev.stream.emission import Emission, emit, emit_tombstone
from services.fitness import store
from services.fitness.domain.candidate import CandidateState, ValidatedCandidate, version_of
from services.fitness.promoting import promote

SKILL_PROMOTED: Final = event_type("dev.autodev.skill.promoted.v1")

Request = WithdrawalRequested | RollbackRequested


async def on_withdrawal(event: Event[WithdrawalRequested], connection: AsyncConnection) -> Iterable[Emission]:
    """Back to the original, whatever versions lay between."""
    request = event.data
    assert request is not None
    await store.lock_skill(connection, request.tenant_id, request.skill)
    current = await store.promoted(connection, request.tenant_id, request.skill)
    if current.candidate_id is None:
        return []
    leaving = await _roll_back(request, current, connection)
    return await _back_to_the_original(event, request, leaving, current, connection)


async def on_rollback(event: Event[RollbackRequested], connection: AsyncConnection) -> Iterable[Emission]:
    """Back to the version before, if agents still load the one that failed."""
    request = event.data
    assert request is not None
    await store.lock_skill(connection, request.tenant_id, request.skill)
    current = await store.promoted(connection, request.tenant_id, request.skill)
    if current.candidate_id is None or current.code_hash != request.code_hash:
        return []
    leaving = await _roll_back(request, current, connection)
    before = await store.version_before(connection, leaving)
    if before is None:
        return await _back_to_the_original(event, request, leaving, current, connection)
    restored = await promote(event, before, current, request.requested_by, connection, rolls_back=leaving.code_hash)
    return [restored, _told(event, request, current, leaving, before)]


async def _roll_back(request: Request, current: store.PromotedSkill, connection: AsyncConnection) -> ValidatedCandidate:
    assert current.candidate_id is not None
    found = await store.find(connection, request.tenant_id, current.candidate_id)
    assert found is not None, "what is promoted was a candidate"
    leaving, _ = found
    await store.mark(connection, leaving, CandidateState.ROLLED_BACK, request.requested_by)
    return leaving


async def _back_to_the_original(
    event: Event[Request],
    request: Request,
    leaving: ValidatedCandidate,
    current: store.PromotedSkill,
    connection: AsyncConnection,
) -> list[Emission]:
    empty = store.PromotedSkill(promotions=current.promotions)
    await store.set_promoted(connection, request.tenant_id, request.skill, empty)
    tombstone = emit_tombstone(SKILL_PROMOTED, request.record_key(), event, case=leaving.case_id)
    return [tombstone, _told(event, request, current, leaving, None)]


def _told(
    event: Event[Request],
    request: Request,
    current: store.PromotedSkill,
    leaving: ValidatedCandidate,
    restored: ValidatedCandidate | None,
) -> Emission:
    withdrawn = SkillWithdrawn(
        tenant_id=request.tenant_id,
        skill=request.skill,
        code_hash=leaving.code_hash,
        case_id=leaving.case_id,
        candidate_id=leaving.candidate_id,
        requested_by=request.requested_by,
        reason=request.reason,
        restored=restored.code_hash if restored else None,
        version=version_of(current.promotions - 1),
    )
    return emit(withdrawn, event, case=leaving.case_id)

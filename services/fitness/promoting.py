"""A promotion: the candidate's state, the skill's current version, and the event that agents load it by."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.ids import Sha256
from autodev.stream.clock import transaction_time
from autodev.stream.emission import Emission, emit
from services.fitness import store
from services.fitness.domain.candidate import CandidateState, ValidatedCandidate, promotion


def by_itself(candidate: ValidatedCandidate) -> str:
    return f"autonomous agent {candidate.agent_id}"


async def promote(
    event: Event[Any],
    candidate: ValidatedCandidate,
    current: store.PromotedSkill,
    approved_by: str,
    connection: AsyncConnection,
    *,
    rolls_back: Sha256 | None = None,
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
    promoted = promotion(candidate, current.promotions, approved_by, transaction_time(), rolls_back)
    return emit(promoted, event, case=candidate.case_id)

"""A candidate that asked for a promotion, and its guarded states."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from autodev.events.models.base import Part
from autodev.events.models.call import SkillRef
from autodev.events.models.case import SkillPromoted
from autodev.events.models.search import CandidateScore, CandidatesExecuted
from autodev.ids import AgentId, CandidateId, CaseId, Sha256, TenantId
from services.fitness.domain.choose import Choice

FIRST_VERSION: Final = (1, 0, 0)


class CandidateState(StrEnum):
    VALIDATED = "validated"
    PROMOTED = "promoted"
    REJECTED = "rejected"
    ROLLED_BACK = "rolled_back"
    STALE = "stale"
    """The skill changed before anyone decided."""


S = CandidateState
APPROVABLE: Final = frozenset({S.VALIDATED, S.ROLLED_BACK})
REJECTABLE: Final = frozenset({S.VALIDATED})
REFUSED: Final = frozenset({S.REJECTED, S.ROLLED_BACK})


class ValidatedCandidate(Part):
    """All that a promotion needs, kept until someone decides."""

    tenant_id: TenantId
    agent_id: AgentId
    case_id: CaseId
    round: int
    generation: int
    candidate_id: CandidateId
    skill: SkillRef
    entrypoint: str
    code: str
    code_hash: Sha256
    base_promoted: Sha256 | None
    score: CandidateScore
    first_failure_at: datetime


def validated(executed: CandidatesExecuted, choice: Choice) -> ValidatedCandidate:
    assert choice.candidate.code is not None, "the unmodified skill is never chosen"
    return ValidatedCandidate(
        tenant_id=executed.tenant_id,
        agent_id=executed.agent_id,
        case_id=executed.case_id,
        round=executed.round,
        generation=executed.generation,
        candidate_id=choice.candidate.candidate_id,
        skill=executed.skill,
        entrypoint=executed.entrypoint,
        code=choice.candidate.code,
        code_hash=choice.candidate.code_hash,
        base_promoted=executed.base_promoted,
        score=choice.score,
        first_failure_at=executed.first_failure_at,
    )


def version_of(number: int) -> str:
    """Of the `number`-th promotion of a skill, counted from 0."""
    major, minor, patch = FIRST_VERSION
    return f"{major}.{minor}.{patch + number}"


def promotion(
    candidate: ValidatedCandidate, number: int, approved_by: str, at: datetime, rolls_back: Sha256 | None = None
) -> SkillPromoted:
    """The version that agents load: the `number`-th of its skill, counted from 0."""
    return SkillPromoted(
        tenant_id=candidate.tenant_id,
        skill=candidate.skill.name,
        entrypoint=candidate.entrypoint,
        version=version_of(number),
        code=candidate.code,
        code_hash=candidate.code_hash,
        content_hash=candidate.skill.content_hash,
        function_hash=candidate.skill.function_hash,
        replaces=candidate.base_promoted,
        case_id=candidate.case_id,
        candidate_id=candidate.candidate_id,
        agent_id=candidate.agent_id,
        approved_by=approved_by,
        first_failure_at=candidate.first_failure_at,
        promoted_at=at,
        rolls_back=rolls_back,
    )

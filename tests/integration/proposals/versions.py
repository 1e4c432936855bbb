"""What fitness and people say about a case's candidates."""

from __future__ import annotations

from typing import Any

from autodev.events.catalogue import event_type
from autodev.events.envelope import Event
from autodev.events.models.case import ApprovalDecided, SkillPromoted
from autodev.events.models.search import CandidatesProposed
from autodev.ids import Sha256
from autodev.stream.emission import emit_tombstone, to_events
from tests.integration.loopback import speed


def promoted(
    proposed: CandidatesProposed, number: int = 1, version: str = "1.0.0", *, rolls_back: Sha256 | None = None
) -> Event[SkillPromoted]:
    """The `number`-th candidate of a generation, as fitness promotes it."""
    chosen = proposed.candidates[number]
    assert chosen.code is not None
    data = SkillPromoted(
        tenant_id=proposed.tenant_id,
        skill=proposed.skill.name,
        entrypoint=proposed.entrypoint,
        version=version,
        code=chosen.code,
        code_hash=chosen.code_hash,
        content_hash=proposed.skill.content_hash,
        function_hash=proposed.skill.function_hash,
        replaces=proposed.base_promoted,
        case_id=proposed.case_id,
        candidate_id=chosen.candidate_id,
        agent_id=proposed.agent_id,
        approved_by="grace",
        first_failure_at=proposed.first_failure_at,
        promoted_at=speed.AT,
        rolls_back=rolls_back,
    )
    return speed.said(data, proposed.case_id)


def withdrawn() -> Event[Any]:
    """The tombstone on the topic of promoted skills."""
    entry = event_type("dev.autodev.skill.promoted.v1")
    key = f"{speed.TENANT}/{speed.SPEED}"
    [event] = to_events([emit_tombstone(entry, key, speed.configured())], "/services/fitness")
    return event


def decided(proposed: CandidatesProposed, *, approved: bool, number: int = -1) -> Event[ApprovalDecided]:
    data = ApprovalDecided(
        tenant_id=proposed.tenant_id,
        case_id=proposed.case_id,
        candidate_id=proposed.candidates[number].candidate_id,
        approved=approved,
        reviewer="grace",
        comment="wrong unit",
    )
    return speed.said(data, proposed.case_id)


def under(version: Event[SkillPromoted]) -> Any:
    """The skill as it runs once agents have loaded `version`."""
    assert version.data is not None
    return speed.skill(promoted=version.data.code_hash)

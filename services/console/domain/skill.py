"""A skill: the version that agents load now, every version before it, and what was taken back."""

from __future__ import annotations

from datetime import datetime

from autodev.events.models.case import SkillPromoted, SkillWithdrawn
from autodev.ids import AgentId, CandidateId, CaseId, EventId, Sha256, SkillName
from services.console.domain.document import Document, Fact
from services.console.domain.version import number_of


class Version(Fact):
    version: str
    at: datetime
    promoted_at: datetime
    code: str
    code_hash: Sha256
    entrypoint: str
    case_id: CaseId
    candidate_id: CandidateId
    agent_id: AgentId
    approved_by: str
    first_failure_at: datetime
    rolls_back: Sha256 | None = None
    """Code hash of the version that failed, and whose place this earlier one took again."""

    @property
    def number(self) -> tuple[int, ...]:
        return number_of(self.version)


class VersionWithdrawal(Fact):
    event_id: EventId
    at: datetime
    code_hash: Sha256
    candidate_id: CandidateId
    requested_by: str
    reason: str
    restored: Sha256 | None = None
    """Code hash of the version that agents went back to; None is the original."""


class Skill(Document):
    skill: SkillName
    loaded: str | None = None
    """The version number that the compacted topic holds; None after a tombstone."""
    versions: tuple[Version, ...] = ()
    """Oldest first."""
    withdrawals: tuple[VersionWithdrawal, ...] = ()

    @property
    def key(self) -> str:
        return self.skill

    @property
    def current(self) -> Version | None:
        return next((version for version in self.versions if version.version == self.loaded), None)

    def promoted(self, at: datetime, data: SkillPromoted) -> Skill:
        """That version is the current one: the order within the topic is the truth."""
        version = Version(
            version=data.version,
            at=at,
            promoted_at=data.promoted_at,
            code=data.code,
            code_hash=data.code_hash,
            entrypoint=data.entrypoint,
            case_id=data.case_id,
            candidate_id=data.candidate_id,
            agent_id=data.agent_id,
            approved_by=data.approved_by,
            first_failure_at=data.first_failure_at,
            rolls_back=data.rolls_back,
        )
        others = [known for known in self.versions if known.version != version.version]
        versions = tuple(sorted((*others, version), key=lambda each: each.number))
        return self.model_copy(update={"versions": versions, "loaded": version.version})

    def emptied(self) -> Skill:
        """After a tombstone: agents run the original."""
        return self.model_copy(update={"loaded": None})

    def withdrawn(self, event_id: EventId, at: datetime, data: SkillWithdrawn) -> Skill:
        """With who withdrew what, and why. That it is gone, only the tombstone says."""
        withdrawal = VersionWithdrawal(
            event_id=event_id,
            at=at,
            code_hash=data.code_hash,
            candidate_id=data.candidate_id,
            requested_by=data.requested_by,
            reason=data.reason,
            restored=data.restored,
        )
        known = {each.event_id: each for each in (*self.withdrawals, withdrawal)}
        ordered = tuple(sorted(known.values(), key=lambda each: (each.at, each.event_id)))
        return self.model_copy(update={"withdrawals": ordered})

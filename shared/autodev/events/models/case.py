"""A case's way: its states, approvals, promotion and withdrawal."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from autodev.events.models.base import EventData, Part, UtcDatetime
from autodev.events.models.call import Message, Person, ShortText, SkillRef
from autodev.events.models.failure import Signature
from autodev.events.models.search import CandidateScore, Source, Tally
from autodev.ids import AgentField, CandidateField, CaseField, Sha256Field, SkillField, TenantField

SemanticVersion = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]


class CaseState(StrEnum):
    OPEN = "open"
    SEARCHING = "searching"
    AWAITING_APPROVAL = "awaiting_approval"
    CANARY = "canary"
    VERIFIED = "verified"
    EXHAUSTED = "exhausted"
    NOT_REPRODUCED = "not_reproduced"
    REJECTED = "rejected"
    ROLLED_BACK = "rolled_back"


class CanaryCounts(Part):
    """What the version that is to keep a case fixed has shown so far, and what was before it."""

    executions: Tally
    good: Tally
    """Those that ended well; the others failed, with this or another signature."""
    recurrences: Tally
    """Failures of the case's own signature."""
    needed: Tally
    """Good outcomes that verify it."""
    before_executions: Tally
    before_recurrences: Tally


class CaseChanged(EventData):
    """A case moved from one state to the next, says why it waits, or how its canary stands."""

    tenant_id: TenantField
    agent_id: AgentField
    case_id: CaseField
    round: Annotated[int, Field(ge=1)]
    previous: CaseState | None
    state: CaseState
    reason: Message
    signature: Signature
    error_type: ShortText
    skill: SkillRef | None
    generation: Tally
    candidates_tried: Tally
    first_failure_at: UtcDatetime
    changed_at: UtcDatetime
    canary: CanaryCounts | None = None

    def record_key(self) -> str:
        return self.case_id


class ApprovalRequested(EventData):
    """A plausible candidate waits for a person, and why it does."""

    tenant_id: TenantField
    agent_id: AgentField
    case_id: CaseField
    candidate_id: CandidateField
    skill: SkillRef
    score: CandidateScore
    reason: Message

    def record_key(self) -> str:
        return self.case_id


class ApprovalDecided(EventData):
    tenant_id: TenantField
    case_id: CaseField
    candidate_id: CandidateField
    approved: bool
    reviewer: Person
    comment: Message = ""

    def record_key(self) -> str:
        return self.case_id


class SkillPromoted(EventData):
    """The version that agents load. A record without data (tombstone) withdraws it."""

    tenant_id: TenantField
    skill: SkillField
    entrypoint: ShortText
    version: SemanticVersion
    code: Source
    code_hash: Sha256Field
    content_hash: Sha256Field
    function_hash: Sha256Field
    """Of the original that this replaces: an agent whose author has changed it since keeps the author's."""
    replaces: Sha256Field | None
    case_id: CaseField
    candidate_id: CandidateField
    agent_id: AgentField
    approved_by: Person
    first_failure_at: UtcDatetime
    promoted_at: UtcDatetime
    rolls_back: Sha256Field | None = None
    """Code hash of the version that failed, if this one was there before it and takes its place again."""

    def record_key(self) -> str:
        return f"{self.tenant_id}/{self.skill}"


class WithdrawalRequested(EventData):
    tenant_id: TenantField
    skill: SkillField
    requested_by: Person
    reason: Message = ""

    def record_key(self) -> str:
        return f"{self.tenant_id}/{self.skill}"


class RollbackRequested(EventData):
    """Have agents go back to the version before that one, or to the original if there was none.

    Nothing happens if agents load another version by now.
    """

    tenant_id: TenantField
    skill: SkillField
    code_hash: Sha256Field
    case_id: CaseField
    requested_by: Person
    reason: Message = ""

    def record_key(self) -> str:
        return f"{self.tenant_id}/{self.skill}"


class SkillWithdrawn(EventData):
    """Which version went, and why: the record on the compacted topic can't say."""

    tenant_id: TenantField
    skill: SkillField
    code_hash: Sha256Field
    case_id: CaseField
    candidate_id: CandidateField
    requested_by: Person
    reason: Message = ""
    restored: Sha256Field | None = None
    """Code hash of the version that agents go back to; None is the original."""
    version: SemanticVersion | None = None
    """The version that went: it and its withdrawal come on two topics, whose order no clock tells. None if a release
    before 1.2 of this schema says it."""

    def record_key(self) -> str:
        return self.case_id

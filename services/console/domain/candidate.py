"""A candidate: its code, what its runs were worth, and what people and the system decided about it.

=============  =============================================  =========================================
state          because                                        next
=============  =============================================  =========================================
pending        proposed, not scored yet                       validated, failed
validated      its scored run is plausible                    promoted, rejected
failed         its scored run is not                          validated, if a later round scores it so
promoted       it became a version of its skill               rolled_back
rejected       a reviewer said no                             validated, if approval is asked for again
rolled_back    that version was withdrawn                     promoted, if a person approves it again
=============  =============================================  =========================================
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from autodev.events.models.case import ApprovalDecided, ApprovalRequested, SkillPromoted, SkillWithdrawn
from autodev.events.models.search import Candidate as Proposed
from autodev.events.models.search import CandidateScore, CandidatesProposed, CandidatesScored
from autodev.ids import AgentId, CandidateId, CaseId, Sha256, SkillName
from services.console.domain.document import Document, Fact, latest
from services.console.domain.version import number_of


class CandidateState(StrEnum):
    PENDING = "pending"
    VALIDATED = "validated"
    FAILED = "failed"
    PROMOTED = "promoted"
    REJECTED = "rejected"
    ROLLED_BACK = "rolled_back"


class Proposal(Fact):
    round: int
    generation: int
    agent_id: AgentId
    skill: SkillName
    entrypoint: str
    code: str
    base_code: str
    code_hash: Sha256
    operator: str
    description: str

    @property
    def rank(self) -> tuple[int, int]:
        return self.round, self.generation


class Scored(Fact):
    round: int
    generation: int
    chosen: bool
    score: CandidateScore

    @property
    def rank(self) -> tuple[int, int]:
        return self.round, self.generation


class Request(Fact):
    """Approval was asked for."""

    at: datetime
    reason: str


class Review(Fact):
    """A person's answer."""

    at: datetime
    approved: bool
    reviewer: str
    comment: str


class Promotion(Fact):
    at: datetime
    version: str
    approved_by: str


class Withdrawal(Fact):
    at: datetime
    requested_by: str
    reason: str
    version: str | None = None

    def is_of(self, promotion: Promotion) -> bool:
        """Whether it took that version, or a later one, back; by their times only if it does not say which it took."""
        if self.version is None:
            return self.at >= promotion.at
        return number_of(self.version) >= number_of(promotion.version)


class Candidate(Document):
    case_id: CaseId
    candidate_id: CandidateId
    proposal: Proposal | None = None
    scored: Scored | None = None
    request: Request | None = None
    review: Review | None = None
    promotion: Promotion | None = None
    withdrawal: Withdrawal | None = None

    @property
    def key(self) -> str:
        return self.candidate_id

    @property
    def state(self) -> CandidateState:
        if self.promotion and not (self.withdrawal and self.withdrawal.is_of(self.promotion)):
            return CandidateState.PROMOTED
        if self.withdrawal:
            return CandidateState.ROLLED_BACK
        if self.answer and not self.answer.approved:
            return CandidateState.REJECTED
        if self.scored is None:
            return CandidateState.PENDING
        return CandidateState.VALIDATED if self.scored.score.plausible else CandidateState.FAILED

    @property
    def answer(self) -> Review | None:
        """The review, unless approval was asked for again, or the version withdrawn, since."""
        asked = [fact.at for fact in (self.request, self.withdrawal) if fact]
        return self.review if self.review and all(self.review.at >= moment for moment in asked) else None

    @property
    def awaits_approval(self) -> bool:
        return self.state is CandidateState.VALIDATED and self.request is not None and self.answer is None

    def with_proposal(self, data: CandidatesProposed, proposed: Proposed, code: str) -> Candidate:
        proposal = Proposal(
            round=data.round,
            generation=data.generation,
            agent_id=data.agent_id,
            skill=data.skill.name,
            entrypoint=data.entrypoint,
            code=code,
            base_code=data.base_code,
            code_hash=proposed.code_hash,
            operator=proposed.operator,
            description=proposed.description,
        )
        newer = self.proposal is None or proposal.rank >= self.proposal.rank
        return self.model_copy(update={"proposal": proposal}) if newer else self

    def with_score(self, data: CandidatesScored, score: CandidateScore) -> Candidate:
        chosen = data.chosen == score.candidate_id
        scored = Scored(round=data.round, generation=data.generation, chosen=chosen, score=score)
        newer = self.scored is None or scored.rank >= self.scored.rank
        return self.model_copy(update={"scored": scored}) if newer else self

    def requested(self, at: datetime, data: ApprovalRequested) -> Candidate:
        return self.model_copy(update={"request": latest(self.request, Request(at=at, reason=data.reason))})

    def reviewed(self, at: datetime, data: ApprovalDecided) -> Candidate:
        review = Review(at=at, approved=data.approved, reviewer=data.reviewer, comment=data.comment)
        return self.model_copy(update={"review": latest(self.review, review)})

    def promoted(self, at: datetime, data: SkillPromoted) -> Candidate:
        promotion = Promotion(at=at, version=data.version, approved_by=data.approved_by)
        return self.model_copy(update={"promotion": promotion})

    def withdrawn(self, at: datetime, data: SkillWithdrawn) -> Candidate:
        withdrawal = Withdrawal(at=at, requested_by=data.requested_by, reason=data.reason, version=data.version)
        return self.model_copy(update={"withdrawal": withdrawal})

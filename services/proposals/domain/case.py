"""A case and its guarded states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from autodev.events.models.call import SkillRef
from autodev.events.models.case import CanaryCounts, CaseChanged, CaseState, SkillPromoted
from autodev.ids import AgentId, CandidateId, CaseId, Sha256, TenantId

S = CaseState

TRANSITIONS: Final = {
    # To canary from a state of rest: a person promoted a withdrawn version again.
    S.OPEN: {S.SEARCHING, S.CANARY},
    # Back to open when another case changed the skill: the search starts again on the new base.
    S.SEARCHING: {S.AWAITING_APPROVAL, S.CANARY, S.EXHAUSTED, S.NOT_REPRODUCED, S.OPEN},
    S.AWAITING_APPROVAL: {S.CANARY, S.REJECTED, S.OPEN},
    S.CANARY: {S.VERIFIED, S.ROLLED_BACK, S.OPEN},
    # The signature came back: the case opens again, with its history.
    S.VERIFIED: {S.OPEN, S.ROLLED_BACK},
    S.EXHAUSTED: {S.OPEN, S.CANARY},
    S.NOT_REPRODUCED: {S.OPEN, S.CANARY},
    S.REJECTED: {S.OPEN, S.CANARY},
    S.ROLLED_BACK: {S.OPEN, S.CANARY},
}
ENDED: Final = frozenset({S.VERIFIED, S.EXHAUSTED, S.NOT_REPRODUCED, S.REJECTED, S.ROLLED_BACK})
FIXED: Final = frozenset({S.CANARY, S.VERIFIED})


class IllegalTransitionError(ValueError):
    """The state machine has no such step."""


@dataclass(frozen=True, slots=True)
class Case:
    tenant_id: TenantId
    agent_id: AgentId
    case_id: CaseId
    signature: str
    error_type: str
    skill: SkillRef | None
    round: int
    state: CaseState
    reason: str
    generation: int
    tried: int
    first_failure_at: datetime
    base_promoted: Sha256 | None = None
    """Code hash of the promoted version that this round's candidates grow from."""
    promoted: Sha256 | None = None
    """Code hash of the version that keeps it fixed: the one that fixed it, or a later one of the skill. After a
    rollback, the one that agents went back to."""
    recurrences: int = 0
    """Failures that say the fix is not enough though the version itself did not run: see `fails_elsewhere`."""
    canary_failed: bool = False
    """Its version's rollback is asked for, or done, because of what was counted."""
    canary_quarters: int = 0
    """Of the good outcomes needed, as far as they were told of."""
    candidate: CandidateId | None = None
    """Whose approval it awaits; in a search, whose rejection was read before the score that asks for approval."""
    rejection: str | None = None
    """That rejection, in words."""
    fixed_by: str | None = None
    """Operators of the edits that the version is made of which was promoted for this case."""
    reserved_on: date | None = None
    """UTC day whose quota holds a place for this round."""
    wake_at: datetime | None = None
    """When waiting is over by itself: more evidence is not waited for longer, or a new day's quota begins."""

    def to(self, state: CaseState, reason: str) -> Case:
        """The case one step on.

        Raises:
            IllegalTransitionError: the state machine has no such step.
        """
        if state not in TRANSITIONS[self.state]:
            raise IllegalTransitionError(f"case {self.case_id}: {self.state} → {state} is no step")
        return replace(self, state=state, reason=reason, wake_at=None)

    def told(self, reason: str) -> Case:
        """The case in the state that it is in, with what there is to say of it now."""
        return replace(self, reason=reason)

    def reopened(self, reason: str) -> Case:
        """A new round, with nothing of the last but its number."""
        return replace(
            self.to(CaseState.OPEN, reason),
            round=self.round + 1,
            generation=0,
            tried=0,
            promoted=None,
            recurrences=0,
            canary_failed=False,
            canary_quarters=0,
            base_promoted=None,
            candidate=None,
            rejection=None,
            reserved_on=None,
            wake_at=None,
        )

    def kept_fixed_by(self, version: SkillPromoted) -> Case:
        """The case with `version` as the one that must not fail any more."""
        skill = SkillRef(
            name=version.skill,
            content_hash=version.content_hash,
            function_hash=version.function_hash,
            promoted=version.replaces,
        )
        return replace(
            self, skill=skill, promoted=version.code_hash, recurrences=0, canary_failed=False, canary_quarters=0
        )

    def rolled_back(self, reason: str, to: Sha256 | None, *, by_counts: bool) -> Case:
        """Without its fix: agents run the version `to` now, or the original."""
        return replace(self.to(CaseState.ROLLED_BACK, reason), promoted=to, recurrences=0, canary_failed=by_counts)

    def fails_elsewhere(self, skill: SkillRef) -> bool:
        """Whether a failure of `skill` says that there is no fix, though no promoted version is to blame.

        Its author has changed the function, which the version does not replace; or the case was rolled back by its
        counts, and what agents went back to fails on. Of agents that have not loaded the present version it says
        nothing.
        """
        if self.skill is None or skill.function_hash != self.skill.function_hash:
            return True
        return self.state is CaseState.ROLLED_BACK and skill.promoted == self.promoted


def changed(case: Case, previous: CaseState | None, at: datetime, canary: CanaryCounts | None = None) -> CaseChanged:
    """What everyone else learns of a step."""
    return CaseChanged(
        tenant_id=case.tenant_id,
        agent_id=case.agent_id,
        case_id=case.case_id,
        round=case.round,
        previous=previous,
        state=case.state,
        reason=case.reason,
        signature=case.signature,
        error_type=case.error_type,
        skill=case.skill,
        generation=case.generation,
        candidates_tried=case.tried,
        first_failure_at=case.first_failure_at,
        changed_at=at,
        canary=canary,
    )

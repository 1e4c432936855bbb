"""What a person may decide about a candidate, and about a skill."""

from __future__ import annotations

from services.console.domain.candidate import Candidate, CandidateState
from services.console.domain.skill import Skill, Version


class RefusedError(Exception):
    """The present state does not allow the decision; the message says why."""


def check_approvable(candidate: Candidate) -> None:
    """Raise RefusedError unless a person may now have `candidate` promoted."""
    if candidate.scored is None:
        raise RefusedError("it has no scored sandbox run")
    _check_unanswered(candidate)
    if candidate.state not in (CandidateState.VALIDATED, CandidateState.ROLLED_BACK):
        raise RefusedError(f"it is {candidate.state}; only validated and rolled back candidates can be approved")
    if candidate.state is CandidateState.VALIDATED and candidate.request is None:
        raise RefusedError("it is validated, but its approval was not asked for: another candidate was chosen")


def check_rejectable(candidate: Candidate) -> None:
    """Raise RefusedError unless a person may now reject `candidate`."""
    _check_unanswered(candidate)
    if candidate.state is not CandidateState.VALIDATED:
        raise RefusedError(f"it is {candidate.state}; only validated candidates can be rejected")


def withdrawable(skill: Skill) -> Version:
    """The version that a withdrawal or a rollback would take from the agents; raises RefusedError if there is none."""
    if skill.current is None:
        raise RefusedError("it has no promoted version: agents run the original already")
    return skill.current


def _check_unanswered(candidate: Candidate) -> None:
    answer = candidate.answer
    if answer and candidate.state is not CandidateState.PROMOTED:
        decided = "approved" if answer.approved else "rejected"
        raise RefusedError(f"{answer.reviewer} has {decided} it already")

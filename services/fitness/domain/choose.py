"""Which plausible candidate is the one, and whether it may go out by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from autodev.events.models.search import Candidate, CandidateScore, Role, Share
from autodev.events.models.workspace import Maturity
from autodev.ids import CandidateId, Sha256
from autodev.protection import touches_protected
from services.fitness.domain.score import Sound


@dataclass(frozen=True, slots=True)
class Choice:
    candidate: Candidate
    score: CandidateScore


def choose(candidates: Sequence[Candidate], scores: Sequence[CandidateScore], base_code: str) -> Choice | None:
    """The best plausible candidate that governance allows: vouched for, then least risky, then smallest."""
    by_id = {candidate.candidate_id: candidate for candidate in candidates}
    plausible = [
        Choice(by_id[score.candidate_id], score)
        for score in scores
        if score.plausible and not touches_protected(by_id[score.candidate_id].code or "", base_code)
    ]
    order: dict[CandidateId, int] = {score.candidate_id: index for index, score in enumerate(scores)}
    return min(
        plausible,
        key=lambda choice: (
            choice.score.oracle_calls < choice.score.failing,
            choice.score.risk,
            choice.score.size,
            order[choice.score.candidate_id],
        ),
        default=None,
    )


class Obstacle(StrEnum):
    """Why a plausible candidate does not go out by itself."""

    REFUSED_BEFORE = "refused_before"
    NO_ORACLE = "no_oracle"
    THIN_EVIDENCE = "thin_evidence"
    MATURITY = "maturity"
    """Nothing but the agent's maturity; a grant removes it."""


@dataclass(frozen=True, slots=True)
class Objection:
    obstacle: Obstacle
    reason: str


def objection(choice: Choice, sound: Sound, maturity: Maturity, refused: Collection[Sha256]) -> Objection | None:
    """Why a person must decide, with the counts; None if the candidate may be promoted by itself."""
    score = choice.score
    held_out_failing = sum(call.role is Role.FAILING and call.share is Share.HELD_OUT for call in sound.calls)
    replayed_good = sum(call.role is Role.PASSING for call in sound.calls)
    if choice.candidate.code_hash in refused:
        return Objection(Obstacle.REFUSED_BEFORE, "this very version was withdrawn or rejected before")
    if score.oracle_calls < score.failing:
        unvouched = score.failing - score.oracle_calls
        reason = f"no oracle for {unvouched} of {score.failing} fixed calls: they only no longer raise"
        return Objection(Obstacle.NO_ORACLE, reason)
    if not held_out_failing or not replayed_good:
        reason = f"thin evidence: {held_out_failing} held-out failing and {replayed_good} replayed good calls"
        return Objection(Obstacle.THIN_EVIDENCE, reason)
    if maturity is not Maturity.AUTONOMOUS:
        return Objection(Obstacle.MATURITY, f"the agent is {maturity}, not autonomous")
    return None

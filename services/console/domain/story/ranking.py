"""The plausible candidates in the order in which fitness prefers them, and why the chosen one was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autodev.events.models.search import CandidateScore
from autodev.ids import CandidateId
from services.console.domain.candidate import CandidateState
from services.console.domain.document import Fact
from services.console.domain.story.attempt import Attempt


class Ranked(Fact):
    place: int
    chosen: bool
    state: CandidateState
    generation: int
    operator: str
    description: str
    score: CandidateScore


class Choice(Fact):
    candidate_id: CandidateId
    decision: str
    reason: str
    """Fitness's own words, and why a person decides where one does."""
    because: tuple[str, ...]


def ranking_of(
    attempts: Sequence[Attempt], chosen: CandidateId | None, states: Mapping[CandidateId, CandidateState]
) -> tuple[Ranked, ...]:
    """The chosen one first, then as fitness orders them: vouched for, least risk, smallest, earliest."""
    plausible = [(attempt, attempt.score) for attempt in attempts if attempt.score and attempt.score.plausible]
    ordered = sorted(
        plausible,
        key=lambda each: (
            each[0].candidate_id != chosen,
            each[1].oracle_calls < each[1].failing,
            each[1].risk,
            each[1].size,
            each[0].generation,
        ),
    )
    return tuple(
        Ranked(
            place=place,
            chosen=attempt.candidate_id == chosen,
            state=states.get(attempt.candidate_id, CandidateState.VALIDATED),
            generation=attempt.generation,
            operator=attempt.operator,
            description=attempt.description,
            score=score,
        )
        for place, (attempt, score) in enumerate(ordered, 1)
    )


def reasons_for(chosen: CandidateScore, ranking: Sequence[Ranked]) -> tuple[str, ...]:
    """Why that one, as sentences of counts: no text of a guest is in them."""
    others = [ranked.score for ranked in ranking if ranked.score.candidate_id != chosen.candidate_id]
    reasons = [
        f"it fixes {chosen.fixed} of {chosen.failing} failing calls, keeps {chosen.kept} of {chosen.passing} good ones",
        f"it is right on {chosen.held_out_passed} of {chosen.held_out} held-out calls, which the search never saw"
        if chosen.held_out
        else "no calls were held out: nothing shows that it is right beyond what the search saw",
        f"an expectation or a property vouches for {chosen.oracle_calls} of the {chosen.fixed} that it fixes",
        f"fitness {chosen.fitness:.3f}, edit of size {chosen.size}, risk {chosen.risk:.2f}{_pace(chosen)}",
    ]
    if chosen.nones:
        reasons.append(f"{chosen.nones} of the fixed calls are answered with None")
    reasons.append(_beside(chosen, others) if others else "no other candidate was plausible")
    return tuple(reasons)


def _pace(score: CandidateScore) -> str:
    return "" if score.latency_ratio is None else f", {score.latency_ratio:.2f} times the time of the unmodified skill"


def _beside(chosen: CandidateScore, others: Sequence[CandidateScore]) -> str:
    second, count = others[0], f"of {len(others) + 1} plausible ones"
    if (chosen.oracle_calls < chosen.failing) != (second.oracle_calls < second.failing):
        return f"{count} it is vouched for, and the next is not"
    if chosen.risk != second.risk:
        return f"{count} its risk is {chosen.risk:.2f}, and that of the next {second.risk:.2f}"
    if chosen.size != second.size:
        return f"{count} its edit is of size {chosen.size}, and that of the next {second.size}"
    return f"{count} it was tried first; the next is equal in risk and size"

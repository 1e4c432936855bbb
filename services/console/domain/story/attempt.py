"""One candidate of a search with all that is known of it: the unit that every part of a story counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from autodev.events.models.search import CandidateScore
from autodev.ids import CandidateId
from services.console.domain.generation import Generation

JOINS: Final = " + "
"""Between the operators of an edit of several steps, the last step last."""


@dataclass(frozen=True, slots=True)
class Attempt:
    candidate_id: CandidateId
    generation: int
    operator: str
    """Empty, like the description, until the proposal is read from its own topic."""
    description: str
    score: CandidateScore | None
    closeness: float | None

    @property
    def plausible(self) -> bool:
        return self.score is not None and self.score.plausible

    @property
    def fitness(self) -> float | None:
        return self.score.fitness if self.score else None

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(self.operator.split(JOINS)) if self.operator else ()


def attempts_of(generations: Sequence[Generation]) -> list[Attempt]:
    """Each candidate once, by its first generation, in the order in which they were tried."""
    found: dict[CandidateId, Attempt] = {}
    for generation in sorted(generations, key=lambda each: each.generation):
        for attempt in _attempts(generation):
            found.setdefault(attempt.candidate_id, attempt)
    return list(found.values())


def _attempts(generation: Generation) -> Iterable[Attempt]:
    judged = generation.judged
    trials = {trial.candidate_id: trial for trial in generation.tried.trials} if generation.tried else {}
    scores = {score.candidate_id: score for score in judged.scores} if judged else {}
    if generation.tried:  # the unmodified skill is among the scores, and no candidate
        scores = {name: score for name, score in scores.items() if name in trials}
    for name in dict.fromkeys([*trials, *scores]):
        trial = trials.get(name)
        yield Attempt(
            candidate_id=name,
            generation=generation.generation,
            operator=trial.operator if trial else "",
            description=trial.description if trial else "",
            score=scores.get(name),
            closeness=judged.closeness.get(name) if judged else None,
        )


def highest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)

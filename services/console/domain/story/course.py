"""The course of a search: its generations with the best fitness so far, and its operators with how far each came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from autodev.events.models.search import Decision
from services.console.domain.document import Fact
from services.console.domain.generation import Generation
from services.console.domain.story.attempt import Attempt, highest


class Stage(Fact):
    """One generation."""

    generation: int
    tried: int
    scored: int
    plausible: int
    best_fitness: float | None
    """Of this generation; None while nothing of it is scored."""
    best_so_far: float | None
    closest: float | None
    """How near the nearest of its watched versions came."""
    decision: Decision | None
    reason: str


class OperatorTally(Fact):
    """What became of the candidates that an operator had a part in; one of several steps counts for each of them."""

    operator: str
    tried: int
    scored: int
    plausible: int
    best_fitness: float | None
    closest: float | None


def stages_of(generations: Sequence[Generation], attempts: Sequence[Attempt]) -> tuple[Stage, ...]:
    by_generation: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_generation[attempt.generation].append(attempt)
    stages: list[Stage] = []
    best: float | None = None
    for generation in sorted(generations, key=lambda each: each.generation):
        mine, judged = by_generation[generation.generation], generation.judged
        own = highest(attempt.fitness for attempt in mine)
        best = highest([best, own])
        stages.append(
            Stage(
                generation=generation.generation,
                tried=len(mine),
                scored=sum(attempt.score is not None for attempt in mine),
                plausible=sum(attempt.plausible for attempt in mine),
                best_fitness=own,
                best_so_far=best,
                closest=highest(attempt.closeness for attempt in mine),
                decision=judged.decision if judged else None,
                reason=judged.reason if judged else "",
            )
        )
    return tuple(stages)


def operators_of(attempts: Sequence[Attempt]) -> tuple[OperatorTally, ...]:
    """Those that came furthest first."""
    by_operator: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        for operator in dict.fromkeys(attempt.steps):
            by_operator[operator].append(attempt)
    tallies = [
        OperatorTally(
            operator=operator,
            tried=len(mine),
            scored=sum(attempt.score is not None for attempt in mine),
            plausible=sum(attempt.plausible for attempt in mine),
            best_fitness=highest(attempt.fitness for attempt in mine),
            closest=highest(attempt.closeness for attempt in mine),
        )
        for operator, mine in by_operator.items()
    ]
    return tuple(sorted(tallies, key=lambda it: (-it.plausible, -(it.best_fitness or 0.0), -it.tried, it.operator)))

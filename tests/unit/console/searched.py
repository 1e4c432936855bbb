"""A search in three generations: a step that comes nearer, one on top of it that is right, and much that is not."""

from __future__ import annotations

from typing import Any, Final

from autodev.events.envelope import Event
from autodev.events.models.call import Frame, Raised
from autodev.events.models.search import (
    Candidate,
    CandidateScore,
    CandidatesProposed,
    CandidatesScored,
    Decision,
    Ended,
    ObservedFailure,
    Place,
    Seen,
    SeenCall,
)
from autodev.ids import CallId, candidate_id, sha256
from tests.unit.console import story

MODULE: Final = "import math\n\ndef speed(km, minutes):\n    hours = minutes / 60\n    return km / hours\n"


def candidate(code: str | None, operator: str, description: str = "", *, size: int = 1, risk: float = 0.2) -> Candidate:
    return Candidate(
        candidate_id=candidate_id(story.CASE, sha256(code or story.BASE)),
        code=code,
        code_hash=sha256(code or story.BASE),
        operator=operator,
        description=description,
        size=size,
        risk=risk,
    )


BASE: Final = candidate(None, "unmodified")
NEARER: Final = candidate("def speed(km, minutes):\n    return 1\n", "constant", "60 becomes 1.")
RIGHT: Final = candidate(story.FIX, "constant + guard", "60 becomes 1. None where zero", size=2, risk=0.1)
RISKY: Final = candidate("def speed(km, minutes):\n    return 3\n", "guard", "zero where zero", risk=0.6)
FAR: Final = [candidate(f"def speed(*_):\n    return {n}\n", "wrong_name", f"name {n}") for n in range(100, 120)]


def proposed(*candidates: Candidate, generation: int, round_: int = 1) -> CandidatesProposed:
    data = story.proposed(None, generation=generation, round_=round_)
    return data.model_copy(update={"candidates": (BASE, *candidates), "module_source": MODULE})


def score(it: Candidate, fitness: float, *, plausible: bool = False) -> CandidateScore:
    update = {"fitness": fitness, "size": it.size, "risk": it.risk, "nones": 0}
    return story.score(it.candidate_id, plausible=plausible).model_copy(update=update)


def seen(it: Candidate, closeness: float) -> Seen:
    failing = SeenCall(
        call_id=CallId("bad"),
        lines=(4, 5),
        frames=(Place(function="speed", line=5),),
        ended=Ended.RAISED,
        error="ZeroDivisionError",
    )
    good = SeenCall(call_id=CallId("good"), lines=(4,), ended=Ended.RIGHT)
    return Seen(candidate=it, closeness=closeness, calls=(failing, good))


def scored(
    *scores: CandidateScore,
    generation: int,
    decision: Decision = Decision.CONTINUE,
    chosen: Candidate | None = None,
    seen: tuple[Seen, ...] = (),
    round_: int = 1,
) -> CandidatesScored:
    data = story.scored(*scores, generation=generation, round_=round_)
    update = {
        "decision": decision,
        "chosen": chosen.candidate_id if chosen else None,
        "seen": seen,
        "reason": decision.value,
        "observed": (ObservedFailure(call_id=CallId("bad"), raised=_RAISED),) if generation == 0 else (),
    }
    return data.model_copy(update=update)


_RAISED: Final = Raised(type="ZeroDivisionError", frames=(Frame(function="speed", statement="return km / hours"),))


def search() -> list[Event[Any]]:
    """Its events in the order in which they happened."""
    return [
        story.event(data, second)
        for second, data in enumerate(
            [
                proposed(generation=0),
                scored(score(BASE, 0.0), generation=0, decision=Decision.REPRODUCED),
                proposed(NEARER, *FAR, generation=1),
                scored(
                    score(NEARER, 0.5),
                    *(score(each, 0.1) for each in FAR),
                    generation=1,
                    seen=(seen(BASE, 0.2), seen(NEARER, 0.7)),
                ),
                proposed(RISKY, RIGHT, generation=2),
                scored(
                    score(RISKY, 0.9, plausible=True),
                    score(RIGHT, 0.9, plausible=True),
                    generation=2,
                    decision=Decision.PROMOTED,
                    chosen=RIGHT,
                ),
            ]
        )
    ]

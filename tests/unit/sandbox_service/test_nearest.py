"""Which versions are watched, where no candidate is right."""

from __future__ import annotations

from typing import Any

from autodev.events.models.call import Expectation
from autodev.events.models.search import Candidate, CandidateRun, EvidenceCall, Role
from autodev.ids import CallId, CandidateId
from autodev.nearness import closeness, searched
from autodev.sandbox import Policy
from services.sandbox.domain.nearest import MOST, nearest
from services.sandbox.domain.quota import Quota
from services.sandbox.generation import GenerationRun
from services.sandbox.slots import FairSlots
from services.sandbox.spending import MeteredTenants
from tests.unit.sandbox_service.generations import RAISED, Behaviour, ToldEngine, candidate, evidence, generation

CALLS = tuple(CallId(name) for name in ("first", "second", "third"))
BASE: Behaviour = dict.fromkeys(CALLS, RAISED)
EVIDENCE: list[EvidenceCall] = [
    evidence(name, Role.FAILING, RAISED).model_copy(update={"expected": Expectation(value=10)}) for name in CALLS
]


async def watched(**candidates: Behaviour) -> list[str]:
    """Of candidates that answer so, the ids of those to be watched."""
    made = [candidate(name) for name in candidates]
    asked = generation(*made, calls=EVIDENCE)
    told: dict[str | None, Behaviour] = {None: BASE}
    told.update(candidates)
    engine = ToldEngine(told)
    runs = await GenerationRun(asked, engine, Policy(), FairSlots(2), MeteredTenants(Quota())).run()
    return [str(each.candidate_id) for each in nearest(asked, runs)]


def answering(*values: Any) -> Behaviour:
    return dict(zip(CALLS, values, strict=True))


async def test_the_unmodified_skill_comes_first_and_then_who_is_right_on_most() -> None:
    assert await watched(one=answering(10, RAISED, RAISED), two=answering(10, 10, RAISED)) == ["base", "two", "one"]


async def test_who_is_right_on_the_same_calls_is_watched_once() -> None:
    same = answering(10, RAISED, RAISED)
    assert await watched(a=same, b=same, c=answering(RAISED, 10, RAISED)) == ["base", "a", "c"]


async def test_who_comes_no_nearer_is_not_watched() -> None:
    assert await watched(a=BASE) == ["base"]


async def test_no_more_are_watched_than_are_worth_it() -> None:
    many = {f"c{n}": answering(*(10 if n & 1 << bit else RAISED for bit in range(3))) for n in range(1, 7)}
    assert len(await watched(**many)) == 1 + MOST


async def test_a_search_that_has_found_what_is_right_goes_on_from_nothing() -> None:
    assert await watched(right=answering(10, 10, 10), near=answering(10, 10, RAISED)) == []


async def test_closeness_grows_with_every_right_answer_and_is_one_for_all() -> None:
    asked = generation(*(made := [candidate(name) for name in "abc"]), calls=EVIDENCE)
    engine = ToldEngine({None: BASE, "a": BASE, "b": answering(10, RAISED, RAISED), "c": answering(10, 10, 10)})
    runs = await GenerationRun(asked, engine, Policy(), FairSlots(2), MeteredTenants(Quota())).run()
    calls = searched(asked, runs[CandidateId("base")])
    none, one, everything = (_closeness(each, runs, calls) for each in made)
    assert none < one < everything == 1.0


def _closeness(of: Candidate, runs: Any, calls: Any) -> float:
    run: CandidateRun = runs[of.candidate_id]
    return closeness(calls, run)

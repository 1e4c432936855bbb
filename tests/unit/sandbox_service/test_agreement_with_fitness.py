"""Sandbox decides what runs alone, fitness what is promoted: nothing may be promoted that did not run alone."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.events.models.call import CallOutcome, Expectation, Raised, Returned
from autodev.events.models.search import EvidenceCall, Role
from autodev.ids import CallId
from autodev.sandbox import Policy, Verdict
from services.fitness.domain.score import score, sound_evidence
from services.sandbox.domain.facts import executed
from services.sandbox.generation import GenerationRun
from tests.unit.sandbox_service.generations import RAISED, Behaviour, ToldEngine, candidate, evidence, generation

IDS = [CallId(f"call-{index}") for index in range(3)]
CODES = ["a", "b", "c", "d"]

values: st.SearchStrategy[Any] = st.sampled_from([None, 0, 1, True, 1.0, "refused", {"$nonsense": 1}])
outcomes: st.SearchStrategy[CallOutcome] = st.one_of(
    st.just(RAISED), st.just(Raised(type="KeyError")), st.builds(Returned, value=values)
)
behaviours: st.SearchStrategy[Behaviour] = st.fixed_dictionaries(
    {
        call_id: st.one_of(values, outcomes.filter(lambda each: isinstance(each, Raised)), st.just(Verdict.OOM))
        for call_id in IDS
    }
)


@st.composite
def evidence_calls(draw: st.DrawFn) -> list[EvidenceCall]:
    return [
        evidence(call_id, draw(st.sampled_from(Role)), draw(outcomes)).model_copy(
            update={"expected": draw(st.none() | st.builds(Expectation, value=values))}
        )
        for call_id in IDS
    ]


@settings(deadline=None)  # a busy machine is no failure
@given(
    calls=evidence_calls(),
    together=st.fixed_dictionaries(dict.fromkeys([None, *CODES], behaviours)),
    alone=st.fixed_dictionaries(dict.fromkeys(CODES, behaviours)),
)
def test_what_fitness_finds_plausible_has_run_alone(
    calls: list[EvidenceCall], together: dict[str | None, Behaviour], alone: dict[str | None, Behaviour]
) -> None:
    engine = ToldEngine(together, alone=alone, refused=["refused"])
    proposed = generation(*map(candidate, CODES), calls=calls)

    runs = asyncio.run(GenerationRun(proposed, engine, Policy(), asyncio.Semaphore(2)).run())

    facts = executed(proposed, engine.name, runs)
    plausible = {each.candidate_id for each in score(facts, sound_evidence(facts)) if each.plausible}
    assert plausible <= set(engine.runs)

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
from services.sandbox.domain.quota import Quota
from services.sandbox.generation import GenerationRun
from services.sandbox.slots import FairSlots
from services.sandbox.spending import MeteredTenants
from tests.unit.sandbox_service.generations import RAISED, Behaviour, ToldEngine, candidate, evidence, generation

IDS = [CallId(f"call-{index}") for index in range(3)]
RECORDED: list[CallOutcome] = [RAISED, Raised(type="KeyError"), Returned(value=0), Returned(value="refused")]
CODES = ["a", "b", "c"]

told: st.SearchStrategy[Any] = st.sampled_from([0, 1, True, "refused", {"$nonsense": 1}, RAISED, Verdict.OOM])
behaviours: st.SearchStrategy[Behaviour] = st.fixed_dictionaries(dict.fromkeys(IDS, told))


@st.composite
def evidence_calls(draw: st.DrawFn) -> list[EvidenceCall]:
    """The first is always a failure; without one that reproduces nothing is plausible."""
    calls = [evidence(IDS[0], Role.FAILING, RAISED)]
    for call_id in IDS[1:]:
        recorded: CallOutcome = draw(st.sampled_from(RECORDED))
        expected = draw(st.sampled_from([None, None, Expectation(value=0), Expectation(value=1)]))
        call = evidence(call_id, draw(st.sampled_from(Role)), recorded)
        calls.append(call.model_copy(update={"expected": expected}))
    return calls


@settings(deadline=None, max_examples=300)  # a busy machine is no failure
@given(
    calls=evidence_calls(),
    together=st.fixed_dictionaries(dict.fromkeys([None, *CODES], behaviours)),
    alone=st.fixed_dictionaries(dict.fromkeys(CODES, behaviours)),
)
def test_what_fitness_finds_plausible_has_run_alone(
    calls: list[EvidenceCall], together: dict[str | None, Behaviour], alone: dict[str | None, Behaviour]
) -> None:
    together[None] = {**together[None], IDS[0]: RAISED}
    engine = ToldEngine(together, alone=alone, refused=["refused"])
    proposed = generation(*map(candidate, CODES), calls=calls)

    runs = asyncio.run(GenerationRun(proposed, engine, Policy(), FairSlots(2), MeteredTenants(Quota())).run())

    facts = executed(proposed, engine.name, runs)
    plausible = {each.candidate_id for each in score(facts, sound_evidence(facts)) if each.plausible}
    assert plausible <= set(engine.runs)

"""Candidates of which all is known beforehand take no isolation, and are judged as if they had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from autodev.events.models.call import Raised
from autodev.events.models.search import Candidate, CandidateRun, Generation
from autodev.ids import CandidateId
from autodev.sandbox import Policy, Verdict
from services.fitness.domain.score import score, sound_evidence
from services.sandbox import gatekeeper as module
from services.sandbox.domain.facts import executed
from services.sandbox.domain.quota import Quota
from services.sandbox.gatekeeper import Gatekeeper, GateSettings
from services.sandbox.generation import GenerationRun
from services.sandbox.slots import FairSlots
from services.sandbox.spending import MeteredTenants
from tests.unit.sandbox_service.generations import BASE, RIGHT, WRONG, ToldEngine, candidate, generation

WHOLE = "def speed(x):\n    return x\n"
CONNECTING = "def speed(x):\n    import socket\n    return x\n"
BROKEN = "def speed(x:"
OTHER = "def velocity(x): ..."
NAMES = {WHOLE: "whole", CONNECTING: "connecting", BROKEN: "broken", OTHER: "other"}


def named(code: str) -> Candidate:
    return candidate(code, name=NAMES[code])


class Counted:
    """A counter in the place of the runtime's."""

    def __init__(self) -> None:
        self.added: list[tuple[int, Any]] = []

    def add(self, amount: int, attributes: Any) -> None:
        self.added.append((amount, attributes))


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted()
    monkeypatch.setattr(module, "SANDBOX_REFUSALS", counted)
    return counted


@pytest.fixture
def gatekeeper() -> Iterator[Gatekeeper]:
    made = Gatekeeper(GateSettings())
    yield made
    made.close()


async def run(given: Generation, engine: ToldEngine, gatekeeper: Gatekeeper) -> dict[str, CandidateRun]:
    inspected = await gatekeeper.inspect(given, engine.name, Policy())
    runs = await GenerationRun(given, engine, Policy(), FairSlots(2), MeteredTenants(Quota()), inspected).run()
    return {candidate_id: runs[CandidateId(candidate_id)] for candidate_id in runs}


async def test_only_those_that_may_run_share_the_isolation(gatekeeper: Gatekeeper, refusals: Counted) -> None:
    engine = ToldEngine({None: BASE, WHOLE: RIGHT})

    runs = await run(generation(*map(named, (BROKEN, WHOLE, OTHER))), engine, gatekeeper)

    assert (engine.searches, engine.runs) == ([[WHOLE]], [None, WHOLE])
    assert refusals.added == [(1, {"reason": "does_not_parse"}), (1, {"reason": "no_entrypoint"})]
    assert [call.verdict for call in runs["whole"].calls] == [Verdict.OK, Verdict.OK]


async def test_a_refused_candidate_says_why_on_every_call(gatekeeper: Gatekeeper, refusals: Counted) -> None:
    runs = await run(generation(named(OTHER)), ToldEngine({None: BASE}), gatekeeper)

    message = "the replacement defines 'velocity', the entrypoint is 'speed'"
    refused = runs["other"]
    assert (refused.verdict, refused.message) == (
        Verdict.GUEST_ERROR,
        f"refused without a run, no_entrypoint: {message}",
    )
    assert [(call.verdict, call.outcome) for call in refused.calls] == [
        (Verdict.GUEST_ERROR, Raised(type="SyntaxError", message=message))
    ] * 2


async def test_where_all_are_refused_there_is_no_search(gatekeeper: Gatekeeper, refusals: Counted) -> None:
    engine = ToldEngine({None: BASE})
    await run(generation(named(BROKEN)), engine, gatekeeper)
    assert (engine.searches, engine.runs) == ([], [None])


async def test_of_a_module_that_does_not_parse_nothing_runs(gatekeeper: Gatekeeper, refusals: Counted) -> None:
    engine = ToldEngine({})
    given = generation(named(WHOLE)).model_copy(update={"module_source": "def speed(:"})
    runs = await run(given, engine, gatekeeper)
    assert (engine.searches, engine.runs) == ([], [])
    assert {call.verdict for each in runs.values() for call in each.calls} == {Verdict.GUEST_ERROR}
    assert len(refusals.added) == 2


async def test_a_forbidden_import_is_told_and_runs(gatekeeper: Gatekeeper, refusals: Counted) -> None:
    engine = ToldEngine({None: BASE, CONNECTING: WRONG})
    runs = await run(generation(named(CONNECTING)), engine, gatekeeper)
    assert engine.searches == [[CONNECTING]]
    assert runs["connecting"].message == "MEDIUM_RISK code does not import 'socket'"
    assert refusals.added == []


async def test_where_it_is_set_a_forbidden_import_is_refused_but_never_the_agents_own(refusals: Counted) -> None:
    strict = Gatekeeper(GateSettings(refuse_imports=True))
    engine = ToldEngine({None: BASE})
    given = generation(named(CONNECTING)).model_copy(update={"module_source": CONNECTING})
    runs = await run(given, engine, strict)
    strict.close()
    assert (engine.searches, engine.runs) == ([], [None])
    assert [call.verdict for call in runs["connecting"].calls] == [Verdict.GUEST_ERROR] * 2
    assert runs["base"].message == ""
    assert refusals.added == [(1, {"reason": "forbidden_import"})]


async def test_what_could_not_be_inspected_runs(gatekeeper: Gatekeeper, refusals: Counted) -> None:
    gatekeeper._process._seconds = 0.0
    engine = ToldEngine({None: BASE, BROKEN: WRONG})
    await run(generation(named(BROKEN)), engine, gatekeeper)
    assert engine.searches == [[BROKEN]]
    assert refusals.added == []


async def test_fitness_scores_a_refused_candidate_as_one_that_raised(gatekeeper: Gatekeeper, refusals: Counted) -> None:
    raising = {call: Raised(type="SyntaxError", message="invalid syntax (replacement.py, line 1)") for call in BASE}
    given, engine = generation(named(BROKEN)), ToldEngine({None: BASE, BROKEN: raising})
    ran = await GenerationRun(given, engine, Policy(), FairSlots(2), MeteredTenants(Quota())).run()
    refused = await run(given, ToldEngine({None: BASE}), gatekeeper)
    scores = []
    for runs in (ran, {CandidateId(name): each for name, each in refused.items()}):
        facts = executed(given, "told", runs)
        scores.append(score(facts, sound_evidence(facts)))
    assert scores[0] == scores[1]
    assert not scores[0][0].plausible

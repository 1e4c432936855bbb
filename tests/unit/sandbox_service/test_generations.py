"""How a generation is run: what shares an isolation, what runs alone, and whose facts are reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from autodev.events.models.call import Returned
from autodev.events.models.search import CandidateRun, Generation, PropertyVerdict, Role
from autodev.ids import CallId, CandidateId
from autodev.sandbox import Policy, Verdict
from services.sandbox.domain.quota import Quota
from services.sandbox.generation import MAX_ALONE, MAX_CHECKS, GenerationRun
from services.sandbox.slots import FairSlots
from services.sandbox.spending import MeteredTenants
from tests.unit.sandbox_service.generations import (
    BASE,
    FAILING,
    PASSING,
    RAISED,
    RIGHT,
    WRONG,
    Behaviour,
    ToldEngine,
    candidate,
    evidence,
    generation,
)

Runs = Mapping[CandidateId, CandidateRun]


async def run(generation: Generation, engine: ToldEngine) -> Runs:
    return await GenerationRun(generation, engine, Policy(), FairSlots(2), MeteredTenants(Quota())).run()


def verdicts(runs: Runs, name: str) -> list[Verdict]:
    return [call.verdict for call in runs[CandidateId(name)].calls]


def answers(runs: Runs, name: str) -> list[Any]:
    return [getattr(call.outcome, "value", None) for call in runs[CandidateId(name)].calls]


async def test_candidates_share_an_isolation_and_the_base_has_its_own() -> None:
    engine = ToldEngine({None: BASE, "a": WRONG, "b": WRONG})

    await run(generation(candidate("a"), candidate("b")), engine)

    assert (engine.runs, engine.searches) == ([None], [["a", "b"]])


async def test_the_unmodified_skill_by_itself_needs_no_search() -> None:
    engine = ToldEngine({None: BASE})

    runs = await run(generation(), engine)

    assert (engine.runs, engine.searches) == ([None], [])
    assert verdicts(runs, "base") == [Verdict.GUEST_ERROR, Verdict.OK]


async def test_who_does_not_survive_is_reported_by_the_shared_run() -> None:
    runs = await run(generation(candidate("a")), ToldEngine({None: BASE, "a": {FAILING: RAISED, PASSING: 7}}))

    assert verdicts(runs, "a") == [Verdict.GUEST_ERROR, Verdict.OK]
    assert answers(runs, "a") == [None, 7]


async def test_of_a_survivor_only_the_run_alone_is_reported() -> None:
    cheat: Behaviour = {FAILING: RAISED, PASSING: Verdict.WALL_TIMEOUT}
    engine = ToldEngine({None: BASE, "a": RIGHT}, alone={"a": cheat})

    runs = await run(generation(candidate("a")), engine)

    assert engine.runs == [None, "a"]
    assert verdicts(runs, "a") == [Verdict.GUEST_ERROR, Verdict.WALL_TIMEOUT]


@pytest.mark.parametrize(
    "behaviour",
    [
        {FAILING: RAISED, PASSING: 1.5},
        {FAILING: Verdict.CPU_LIMIT, PASSING: 1.5},
        {FAILING: 0, PASSING: RAISED},
        {FAILING: 0, PASSING: 2.5},
        {FAILING: "refused", PASSING: 1.5},
    ],
    ids=["still fails", "gives no result", "breaks a good call", "changes a good answer", "is refused by the property"],
)
async def test_a_candidate_that_is_wrong_anywhere_does_not_run_alone(behaviour: Behaviour) -> None:
    engine = ToldEngine({None: BASE, "a": behaviour}, refused=["refused"])

    await run(generation(candidate("a")), engine)

    assert engine.runs == [None]


async def test_a_call_that_is_no_evidence_keeps_nobody_from_surviving() -> None:
    clock = CallId("clock")
    calls = (
        evidence(FAILING, Role.FAILING, RAISED),
        evidence(clock, Role.PASSING, Returned(value="then")),
    )
    engine = ToldEngine({None: {FAILING: RAISED, clock: "now"}, "a": {FAILING: 0, clock: RAISED}})

    await run(generation(candidate("a"), calls=calls), engine)

    assert engine.runs == [None, "a"]


async def test_the_candidate_that_fitness_would_take_runs_alone_and_no_more_once_it_is_right() -> None:
    engine = ToldEngine({None: BASE} | dict.fromkeys("abcd", RIGHT))
    candidates = [candidate("a", risk=0.9), candidate("b", size=9), candidate("c", size=1), candidate("d", risk=0.5)]

    runs = await run(generation(*candidates), engine)

    assert engine.runs == [None, "c"]
    assert verdicts(runs, "c") == [Verdict.OK, Verdict.OK]


async def test_nobody_waits_behind_a_candidate_that_governance_refuses() -> None:
    refused = "guardrails=None"
    engine = ToldEngine({None: BASE} | dict.fromkeys([refused, "b"], RIGHT))

    await run(generation(candidate(refused, risk=0.0), candidate("b", risk=0.9)), engine)

    assert engine.runs == [None, "b"]


async def test_a_survivor_that_did_not_run_alone_has_nothing_to_show() -> None:
    engine = ToldEngine({None: BASE} | dict.fromkeys("abc", RIGHT))

    runs = await run(generation(*map(candidate, "abc")), engine)

    left = runs[CandidateId("b")]
    assert verdicts(runs, "b") == [Verdict.NO_RESULT, Verdict.NO_RESULT]
    assert {call.outcome for call in left.calls} == {None}
    assert (left.verdict, left.message) == (
        Verdict.NO_RESULT,
        "right in the shared run, but not run alone: candidates that go before it were",
    )


async def test_while_none_is_right_alone_others_get_their_turn_up_to_a_bound() -> None:
    names = "abcdefgh"
    engine = ToldEngine({None: BASE} | dict.fromkeys(names, RIGHT), alone=dict.fromkeys(names, WRONG))

    runs = await run(generation(*map(candidate, names)), engine)

    assert engine.runs == [None, *names[:MAX_ALONE]]
    assert all(verdicts(runs, name) == [Verdict.NO_RESULT] * 2 for name in names[MAX_ALONE:])


async def test_the_property_of_an_answer_is_checked_once_whoever_gave_it() -> None:
    engine = ToldEngine({None: BASE, "a": RIGHT, "b": RIGHT})

    runs = await run(generation(candidate("a"), candidate("b")), engine)

    assert [[(check.arguments.args[0], check.result) for check in checks] for checks in engine.checks] == [
        [(PASSING, 1.5), (FAILING, None)]
    ]
    assert {call.property for call in runs[CandidateId("a")].calls} == {PropertyVerdict.HELD}


async def test_an_answer_that_a_survivor_gives_only_alone_is_checked_too() -> None:
    engine = ToldEngine({None: BASE, "a": RIGHT}, alone={"a": {FAILING: "new", PASSING: 1.5}}, refused=["new"])

    runs = await run(generation(candidate("a")), engine)

    assert [check.result for check in engine.checks[1]] == ["new"]
    assert runs[CandidateId("a")].calls[0].property is PropertyVerdict.VIOLATED


async def test_property_checks_of_one_isolation_are_bounded() -> None:
    calls = [evidence(CallId(f"c{index}"), Role.PASSING, Returned(value=0)) for index in range(150)]
    codes = [f"f{index}" for index in range(10)]
    together: dict[str | None, Behaviour] = {
        code: {call.call_id: number for call in calls} for number, code in enumerate([None, *codes])
    }

    engine = ToldEngine(together)
    await run(generation(*map(candidate, codes), calls=calls), engine)

    assert [len(checks) for checks in engine.checks] == [MAX_CHECKS, 11 * 150 - MAX_CHECKS]

"""The ways of calls through a module, as a real engine watches them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autodev.events.models.call import Arguments, Raised, Returned, SkillRef
from autodev.events.models.search import (
    Candidate,
    CandidateRun,
    CandidatesProposed,
    EvidenceCall,
    Place,
    Role,
    Share,
)
from autodev.ids import AgentId, CallId, CandidateId, CaseId, Sha256, TenantId
from autodev.sandbox import Policy, namespace_engine
from services.sandbox.generation import GenerationRun
from services.sandbox.isolation import Isolation
from services.sandbox.watching import Watching

pytestmark = pytest.mark.isolation

MODULE = """def half(number):
    if number < 0:
        return checked(number)
    return number / 2


def checked(number):
    raise ValueError(number)
"""
SEARCHED, GOOD, HELD_OUT = CallId("searched"), CallId("good"), CallId("held-out")


def evidence(call_id: CallId, number: int, role: Role, share: Share = Share.SEARCH) -> EvidenceCall:
    recorded = Raised(type="ValueError") if role is Role.FAILING else Returned(value=number / 2)
    return EvidenceCall(call_id=call_id, role=role, share=share, arguments=Arguments(args=(number,)), recorded=recorded)


def candidate(code: str | None) -> Candidate:
    return Candidate(
        candidate_id=CandidateId("candidate" if code else "base"),
        code=code,
        code_hash=Sha256("a" * 64),
        operator="guard",
        description="an edit",
        size=5,
        risk=0.1,
    )


async def watched(module: str = MODULE, *codes: str, step_limit: int | None = None) -> list[CandidateRun]:
    """The runs of a generation on two failing calls, one of them held out, and a good one."""
    generation = CandidatesProposed(
        tenant_id=TenantId("acme"),
        agent_id=AgentId("scout"),
        case_id=CaseId("case"),
        round=1,
        generation=1,
        skill=SkillRef(name="half", content_hash="a" * 64, function_hash="b" * 64),
        entrypoint="half",
        module_source=module,
        base_code="",
        base_promoted=None,
        candidates=tuple(map(candidate, (None, *codes))),
        evidence=(
            evidence(SEARCHED, -1, Role.FAILING),
            evidence(HELD_OUT, -2, Role.FAILING, Share.HELD_OUT),
            evidence(GOOD, 4, Role.PASSING),
        ),
        first_failure_at=datetime(2026, 11, 22, tzinfo=UTC),
        step_limit=step_limit,
    )
    isolation = Isolation(Policy(wall_seconds=30, call_seconds=1), 2)
    await isolation.prove(namespace_engine)
    engine, policy, slots, tenants = isolation.engine(), isolation.policy, isolation.slots, isolation.tenants
    runs = await GenerationRun(generation, engine, policy, slots, tenants).run()
    return list((await Watching(generation, engine, policy, slots, tenants).ways(runs)).values())


async def test_executed_lines_and_the_frames_of_what_was_raised_are_told_of_the_search_part_alone() -> None:
    [base] = await watched()
    failing, good = base.ways
    assert (failing.call_id, failing.lines) == (SEARCHED, (2, 3, 8))
    assert failing.frames == (Place(function="half", line=3), Place(function="checked", line=8))
    assert (good.call_id, good.lines, good.frames, good.steps) == (GOOD, (2, 4), (), 2)


async def test_a_candidate_that_is_right_ends_the_watching() -> None:
    runs = await watched(MODULE, "def half(number):\n    return abs(number) / 2\n")
    assert [run.ways for run in runs] == [(), ()]


async def test_an_unmodified_skill_whose_steps_are_known_is_not_watched_again() -> None:
    [base] = await watched(step_limit=10_000)
    assert base.ways == ()


async def test_of_a_coroutine_no_way_is_known() -> None:
    [base] = await watched(MODULE.replace("def half", "async def half"))
    assert [(way.call_id, way.lines, way.steps) for way in base.ways] == [(SEARCHED, (), 0), (GOOD, (), 0)]


@pytest.mark.parametrize(
    "lie",
    [
        "sorted = lambda lines: 'everywhere'",
        "sorted = lambda lines: [-5, 10 ** 30]",
        "sorted = lambda lines: [True, None]",
        "str = lambda error: 10 ** 9",
        "set = list",
    ],
)
async def test_whatever_a_guest_tells_of_its_way_breaks_nothing(lie: str) -> None:
    [base] = await watched(f"{MODULE}\n{lie}\n")
    assert [way.call_id for way in base.ways] == [SEARCHED, GOOD]
    for way in base.ways:
        assert CandidateRun.model_validate(base.model_dump()).ways
        assert all(line >= 0 for line in way.lines)

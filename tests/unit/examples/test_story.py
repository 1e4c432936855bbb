"""The demo's account of a run: rates, fixes, and when it may end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from autodev.events.models.call import Arguments, Returned, SkillRef
from autodev.events.models.case import CaseChanged, CaseState, SkillPromoted
from autodev.events.models.search import Candidate, CandidatesProposed, EvidenceCall, Role, Share
from autodev.ids import AgentId, CallId, CandidateId, CaseId, SkillName, TenantId, sha256
from examples.flights.demo.fixes import Fix
from examples.flights.demo.story import QUIET_FLIGHTS, Story
from examples.flights.demo.verdict import shortcomings
from examples.flights.messages import Counts, Measured, Switched, Worked

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TENANT, AGENT = TenantId("flights"), AgentId("flights-agent")
CASE, CANDIDATE = CaseId("9d3f3d4e-0000-5000-8000-000000000001"), CandidateId("9d3f3d4e-0000-5000-8000-000000000002")
BEFORE, AFTER = "def speed(row):\n    return 1\n", "def speed(row):\n    return 2\n"
SPEED = SkillRef(name=SkillName("speed"), content_hash=sha256("module"), function_hash=sha256(BEFORE))
FINE = Counts(calls=100, raised=0, refused=0, nones=0)
FAILING = Counts(calls=100, raised=3, refused=1, nones=0)


def test_a_refused_answer_is_a_failure_like_an_exception() -> None:
    story = Story(["speed"])

    story.work(worked(FAILING))

    assert (story.tools["speed"].failures, story.tools["speed"].failure_rate) == (4, 0.04)


def test_the_failure_rate_forgets_what_was_more_than_a_second_ago() -> None:
    story = Story(["speed"])

    for counts in (FAILING, FINE, FINE, FINE, FINE):
        story.work(worked(counts))

    assert story.tools["speed"].failure_rate == 0


def test_a_run_is_quiet_once_no_tool_has_failed_for_long() -> None:
    story = Story(["speed"])
    story.work(worked(FAILING))
    story.work(worked(FINE, flights=QUIET_FLIGHTS - 1))
    assert not story.is_quiet

    story.work(worked(FINE, flights=1))

    assert story.is_quiet


def test_a_run_is_not_quiet_while_a_case_is_being_searched() -> None:
    story = Story(["speed"])
    story.happen(case(CaseState.SEARCHING))
    story.work(worked(FINE, flights=QUIET_FLIGHTS))
    assert not story.is_quiet

    story.happen(case(CaseState.CANARY))

    assert story.is_quiet


def test_a_fix_is_told_when_it_is_promoted_and_the_agent_runs_it() -> None:
    story = Story(["speed"])
    story.happen(proposed())

    assert story.happen(promoted("1.0.0")) is None
    fix = story.switch(switched("1.0.0"))

    assert isinstance(fix, Fix)
    assert (fix.seconds, fix.version) == (2.5, "1.0.0")
    assert "-    return 1\n+    return 2" in fix.diff


def test_a_fix_is_told_as_well_when_the_agent_is_first_to_say_so() -> None:
    story = Story(["speed"])
    story.happen(proposed())

    assert story.switch(switched("1.0.0")) is None

    assert isinstance(story.happen(promoted("1.0.0")), Fix)


def test_a_version_that_was_withdrawn_and_comes_back_is_no_second_fix() -> None:
    story = Story(["speed"])
    for told in (proposed(), promoted("1.0.0")):
        story.happen(told)
    story.switch(switched("1.0.0"))
    story.switch(switched(None))

    story.happen(promoted("1.0.1"))
    story.switch(switched("1.0.1"))

    assert story.median_seconds == 2.5
    assert [fix.version for fix in story.fixes] == ["1.0.0"]
    assert story.tools["speed"].version == "1.0.1"


def test_a_tool_is_fixed_if_nothing_fails_on_flights_that_nobody_has_seen() -> None:
    assert shortcomings(Story(["speed"]), Measured(before={"speed": FAILING}, after={"speed": FINE})) == []


def test_a_single_wrong_answer_is_a_shortcoming_with_its_reason_and_the_next_step() -> None:
    story = Story(["speed"])
    story.happen(case(CaseState.EXHAUSTED, reason="40 candidates in 6 generations"))
    wrong = Counts(calls=100, raised=0, refused=1, nones=0)

    [problem] = shortcomings(story, Measured(before={"speed": FAILING}, after={"speed": wrong}))

    assert problem.startswith("speed still fails: it raises in 0 and is wrong in 1 of 100 calls")
    assert problem.endswith(f"ValueError is exhausted, 40 candidates in 6 generations: autodev cases show {CASE}")


def worked(counts: Counts, flights: int = 100) -> Worked:
    return Worked(at=NOW, flights=flights, tools={"speed": counts})


def switched(version: str | None) -> Switched:
    return Switched(tool="speed", version=version, at=NOW + timedelta(seconds=2.5), first_failure_at=NOW)


def case(state: CaseState, reason: str = "") -> CaseChanged:
    return CaseChanged(
        tenant_id=TENANT,
        agent_id=AGENT,
        case_id=CASE,
        round=1,
        previous=None,
        state=state,
        reason=reason,
        signature="s",
        error_type="ValueError",
        skill=SPEED,
        generation=1,
        candidates_tried=8,
        first_failure_at=NOW,
        changed_at=NOW,
    )


def proposed() -> CandidatesProposed:
    return CandidatesProposed(
        tenant_id=TENANT,
        agent_id=AGENT,
        case_id=CASE,
        round=1,
        generation=1,
        skill=SPEED,
        entrypoint="speed",
        module_source=BEFORE,
        base_code=BEFORE,
        base_promoted=None,
        candidates=(
            Candidate(
                candidate_id=CANDIDATE,
                code=AFTER,
                code_hash=sha256(AFTER),
                operator="guard",
                description="Return 2.",
                size=1,
                risk=0.0,
            ),
        ),
        evidence=(
            EvidenceCall(
                call_id=CallId("9d3f3d4e-0000-5000-8000-000000000003"),
                role=Role.FAILING,
                share=Share.SEARCH,
                arguments=Arguments(),
                recorded=Returned(value=1),
            ),
        ),
        first_failure_at=NOW,
    )


def promoted(version: str) -> SkillPromoted:
    return SkillPromoted(
        tenant_id=TENANT,
        agent_id=AGENT,
        case_id=CASE,
        candidate_id=CANDIDATE,
        skill=SPEED.name,
        entrypoint="speed",
        version=version,
        code=AFTER,
        code_hash=sha256(AFTER),
        content_hash=SPEED.content_hash,
        function_hash=SPEED.function_hash,
        replaces=None,
        approved_by="somebody",
        first_failure_at=NOW,
        promoted_at=NOW,
    )

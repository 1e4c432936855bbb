"""Scores, the choice among plausible candidates, and when a person must decide."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.models.call import Arguments, Raised, Returned, SkillRef
from autodev.events.models.search import (
    CallRun,
    Candidate,
    CandidateRun,
    CandidatesExecuted,
    EvidenceCall,
    PropertyVerdict,
    Role,
    Share,
    Verdict,
)
from autodev.events.models.workspace import Maturity
from autodev.ids import AgentId, CallId, CandidateId, CaseId, Sha256, TenantId, sha256
from services.fitness.domain.choose import Choice, choose, objection
from services.fitness.domain.score import not_reproduced, score, sound_evidence

P = PropertyVerdict
BASE_CODE = "def speed(flight):\n    return 60 / flight\n"
RAISED = Raised(type="ZeroDivisionError", message="division by zero")
Answer = tuple[Any, P]
FIXED: Answer = (Returned(value=None), P.HELD)
RAISES: Answer = (RAISED, P.ABSENT)
GOOD: Answer = (Returned(value=30.0), P.HELD)
CALLS = {
    "fail-1": (Role.FAILING, Share.SEARCH, RAISED),
    "fail-2": (Role.FAILING, Share.HELD_OUT, RAISED),
    "good-1": (Role.PASSING, Share.SEARCH, Returned(value=30.0)),
}
BASE: dict[str, Answer] = {"fail-1": RAISES, "fail-2": RAISES, "good-1": GOOD}
RIGHT: dict[str, Answer] = {"fail-1": FIXED, "fail-2": FIXED, "good-1": GOOD}


def candidate(name: str, code: str | None = "def speed(flight):\n    return None\n", **changes: Any) -> Candidate:
    fields: dict[str, Any] = {
        "candidate_id": CandidateId(name),
        "code": code,
        "code_hash": sha256(code or BASE_CODE),
        "operator": "guard",
        "description": "returns None for a zero",
        "size": 8,
        "risk": 0.1,
    }
    return Candidate(**(fields | changes))


def executed(
    *candidates: tuple[Candidate, dict[str, Answer]],
    calls: dict[str, Any] | None = None,
    base: dict[str, Answer] | None = None,
) -> CandidatesExecuted:
    evidence = tuple(
        EvidenceCall(call_id=CallId(name), role=role, share=share, arguments=Arguments(), recorded=recorded)
        for name, (role, share, recorded) in (calls or CALLS).items()
    )
    entries = ((candidate("base", None, operator="unmodified"), base or BASE), *candidates)
    return CandidatesExecuted(
        tenant_id=TenantId("acme"),
        agent_id=AgentId("scout"),
        case_id=CaseId("c1"),
        round=1,
        generation=1,
        skill=SkillRef(name="speed", content_hash="a" * 64, function_hash="b" * 64),
        entrypoint="speed",
        module_source=BASE_CODE,
        base_code=BASE_CODE,
        base_promoted=None,
        candidates=tuple(each for each, _ in entries),
        evidence=evidence,
        first_failure_at=datetime(2026, 11, 22, tzinfo=UTC),
        engine="test",
        runs=tuple(_run(each, answers) for each, answers in entries),
    )


def _run(of: Candidate, answers: dict[str, Answer]) -> CandidateRun:
    calls = tuple(
        CallRun(call_id=CallId(name), verdict=Verdict.OK, outcome=outcome, seconds=0.001, property=checked)
        for name, (outcome, checked) in answers.items()
    )
    return CandidateRun(candidate_id=of.candidate_id, verdict=Verdict.OK, seconds=0.01, calls=calls)


def chosen(generation: CandidatesExecuted) -> Choice | None:
    return choose(generation.candidates, score(generation, sound_evidence(generation)), generation.base_code)


def approval(generation: CandidatesExecuted, maturity: Maturity = Maturity.AUTONOMOUS, **changes: Any) -> str | None:
    choice = chosen(generation)
    assert choice is not None
    objected = objection(choice, sound_evidence(generation), maturity, changes.get("refused", frozenset()))
    return objected.reason if objected else None


def test_a_candidate_that_is_right_on_every_call_is_plausible() -> None:
    generation = executed((candidate("a"), RIGHT))
    [scored] = score(generation, sound_evidence(generation))
    assert scored.plausible
    assert (scored.fixed, scored.failing, scored.kept, scored.passing) == (2, 2, 1, 1)
    assert (scored.held_out_passed, scored.held_out, scored.oracle_calls, scored.nones) == (1, 1, 2, 2)


@pytest.mark.parametrize("call", CALLS)
def test_one_wrong_call_is_enough_to_lose(call: str) -> None:
    wrong: Answer = (Returned(value=-1.0), P.VIOLATED)
    assert chosen(executed((candidate("a"), RIGHT | {call: wrong}))) is None


def test_a_call_without_a_result_is_wrong() -> None:
    assert chosen(executed((candidate("a"), {name: RIGHT[name] for name in ("fail-1", "good-1")}))) is None


def test_the_unmodified_skill_is_never_chosen() -> None:
    assert chosen(executed()) is None


def test_evidence_that_the_unmodified_skill_does_not_confirm_counts_for_nothing() -> None:
    flaky = executed((candidate("a"), RIGHT | {"good-1": FIXED}), base=BASE | {"good-1": FIXED})
    assert chosen(flaky) is not None


def test_a_failure_that_no_longer_happens_is_told_in_words() -> None:
    gone = executed(base=RIGHT)
    assert not sound_evidence(gone).failing
    assert not_reproduced(gone).endswith("2 returned")


def test_the_one_with_an_oracle_beats_the_smaller_one_without() -> None:
    unvouched = {name: (outcome, P.ABSENT) for name, (outcome, _) in RIGHT.items()}
    generation = executed(
        (candidate("small", size=1, risk=0.0), unvouched), (candidate("sure", size=50, risk=0.9), RIGHT)
    )
    choice = chosen(generation)
    assert choice is not None
    assert choice.candidate.candidate_id == "sure"


@given(first=st.tuples(st.floats(0, 1), st.integers(0, 99)), second=st.tuples(st.floats(0, 1), st.integers(0, 99)))
def test_less_risk_then_the_smaller_edit_then_the_likelier_one_wins(
    first: tuple[float, int], second: tuple[float, int]
) -> None:
    generation = executed(
        (candidate("first", risk=first[0], size=first[1]), RIGHT),
        (candidate("second", risk=second[0], size=second[1]), RIGHT),
    )
    choice = chosen(generation)
    assert choice is not None
    assert choice.candidate.candidate_id == ("first" if first <= second else "second")


def test_a_change_that_touches_a_protected_key_is_not_chosen() -> None:
    code = "def speed(flight):\n    guardrails = None\n    return guardrails\n"
    assert chosen(executed((candidate("a", code), RIGHT))) is None


def test_a_vouched_fix_of_an_autonomous_agent_goes_out_by_itself() -> None:
    assert approval(executed((candidate("a"), RIGHT))) is None


@pytest.mark.parametrize("maturity", [Maturity.STUDENT, Maturity.INTERN, Maturity.SUPERVISED])
def test_an_agent_that_is_not_autonomous_needs_a_person(maturity: Maturity) -> None:
    assert maturity in (approval(executed((candidate("a"), RIGHT)), maturity) or "")


def test_without_an_oracle_a_person_decides() -> None:
    unvouched = {name: (outcome, P.ABSENT) for name, (outcome, _) in RIGHT.items()}
    assert "no oracle for 2 of 2" in (approval(executed((candidate("a"), unvouched))) or "")


@pytest.mark.parametrize("missing", ["fail-2", "good-1"])
def test_without_held_out_failures_or_good_calls_a_person_decides_and_sees_the_counts(missing: str) -> None:
    calls = {name: entry for name, entry in CALLS.items() if name != missing}
    reason = approval(executed((candidate("a"), RIGHT), calls=calls))
    assert reason is not None
    assert reason.startswith("thin evidence")


def test_a_version_that_was_withdrawn_needs_a_person() -> None:
    code_hash: Sha256 = candidate("a").code_hash
    assert "withdrawn" in (approval(executed((candidate("a"), RIGHT)), refused={code_hash}) or "")


def test_fitness_is_the_weighted_mean_of_the_reference() -> None:
    [scored] = score(generation := executed((candidate("a", size=0), RIGHT)), sound_evidence(generation))
    assert scored.fitness == pytest.approx(0.3 * 1.0 + 0.4 * 1.0 + 0.2 * 1.0 + 0.1 * 0.5)

"""One call of one run: sound, fixed, kept."""

from __future__ import annotations

from typing import Any

import pytest

from autodev.events.models.call import Arguments, CallOutcome, Expectation, Raised, Returned
from autodev.events.models.search import CallRun, EvidenceCall, PropertyVerdict, Role, Share, Verdict
from autodev.ids import CallId
from autodev.judging import is_sound, judge

P = PropertyVerdict
RAISED = Raised(type="ValueError", message="could not convert string to float: 'NA'")
CALL = CallId("call-1")


def call(role: Role, recorded: CallOutcome, expected: Any = ..., *, violated: bool = False) -> EvidenceCall:
    return EvidenceCall(
        call_id=CALL,
        role=role,
        share=Share.SEARCH,
        arguments=Arguments(),
        recorded=recorded,
        expected=None if expected is ... else Expectation(value=expected),
        violated=violated,
    )


def run(outcome: CallOutcome | None, checked: P = P.ABSENT, verdict: Verdict = Verdict.OK) -> CallRun:
    return CallRun(call_id=CALL, verdict=verdict, outcome=outcome, seconds=0.001, property=checked)


def returned(value: Any, checked: P = P.ABSENT) -> CallRun:
    return run(Returned(value=value), checked)


FAILING = call(Role.FAILING, RAISED)
PASSING = call(Role.PASSING, Returned(value=1.5))
REGRESSION = call(Role.REGRESSION, RAISED)
BASE_FAILS = run(RAISED, verdict=Verdict.GUEST_ERROR)


def test_a_failure_that_happens_again_is_sound() -> None:
    assert is_sound(FAILING, BASE_FAILS)


@pytest.mark.parametrize(
    "base",
    [returned(1.5), run(Raised(type="KeyError")), run(None, verdict=Verdict.WALL_TIMEOUT)],
    ids=["returns", "raises something else", "never ends"],
)
def test_a_failure_that_does_not_happen_again_is_no_evidence(base: CallRun) -> None:
    assert not is_sound(FAILING, base)


def test_a_good_call_is_sound_if_it_gives_the_recorded_answer_again() -> None:
    assert is_sound(PASSING, returned(1.5, P.HELD))
    assert not is_sound(PASSING, returned(2.5))
    assert not is_sound(PASSING, returned(1.5, P.VIOLATED))


def test_a_refused_answer_is_sound_if_it_is_refused_again() -> None:
    refused = call(Role.FAILING, Returned(value=0.0), violated=True)
    assert is_sound(refused, returned(0.0, P.VIOLATED))
    assert not is_sound(refused, returned(0.0, P.HELD))


def test_a_wrong_answer_is_sound_if_it_is_still_not_the_expected_one() -> None:
    assert is_sound(call(Role.FAILING, Returned(value=1), expected=2), returned(1))
    assert not is_sound(call(Role.FAILING, Returned(value=2), expected=2), returned(2))


def test_a_regression_is_sound_if_the_base_has_it_fixed() -> None:
    assert is_sound(REGRESSION, returned(None, P.HELD))
    assert not is_sound(REGRESSION, BASE_FAILS)


def test_a_fix_that_the_property_holds_for_is_vouched_for() -> None:
    verdict = judge(FAILING, returned(None, P.HELD), BASE_FAILS)
    assert (verdict.right, verdict.vouched, verdict.none) == (True, True, True)


def test_a_fix_that_only_no_longer_raises_is_right_but_nobody_vouches_for_it() -> None:
    verdict = judge(FAILING, returned(0.0), BASE_FAILS)
    assert (verdict.right, verdict.vouched) == (True, False)


def test_an_expected_value_decides() -> None:
    expecting = call(Role.FAILING, RAISED, expected=3.0)
    assert judge(expecting, returned(3.0), BASE_FAILS).vouched
    assert not judge(expecting, returned(0.0), BASE_FAILS).right


def test_none_can_be_the_expected_value() -> None:
    assert judge(call(Role.FAILING, RAISED, expected=None), returned(None), BASE_FAILS).vouched


@pytest.mark.parametrize("checked", [P.VIOLATED, P.BROKEN])
def test_an_answer_that_the_property_refuses_or_breaks_on_is_wrong(checked: P) -> None:
    assert not judge(FAILING, returned(0.0, checked), BASE_FAILS).right


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.OK])
def test_a_run_that_did_not_end_well_proves_nothing_whatever_it_says(verdict: Verdict) -> None:
    assert not judge(FAILING, run(Returned(value=1.5), P.HELD, verdict), BASE_FAILS).right


def test_a_good_answer_must_stay_of_value_and_type() -> None:
    base = returned(1.5)
    assert judge(PASSING, returned(1.5), base).right
    assert not judge(PASSING, returned(None), base).right
    assert not judge(call(Role.PASSING, Returned(value=1)), returned(1.0), returned(1)).right


def test_what_an_earlier_version_fixed_must_stay_as_the_base_answers_it() -> None:
    assert judge(REGRESSION, returned(None), returned(None)).right
    assert not judge(REGRESSION, returned(0.0), returned(None)).right


def test_an_answer_that_is_no_tagged_json_is_wrong() -> None:
    forged = call(Role.PASSING, Returned(value={"$nonsense": 1}))
    assert not judge(forged, returned({"$nonsense": 1}), returned(1)).right

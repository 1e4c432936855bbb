"""Which recorded calls are evidence, and which of them engines see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from autodev.events.models.agent import Outcome
from autodev.events.models.call import Arguments, Call, Raised, Returned, SkillRef
from autodev.events.models.failure import EpisodeRecorded
from autodev.events.models.search import Role, Share
from autodev.values import encode
from services.proposals.domain.evidence import FAILING_CALLS, Evidence, to_calls, to_evidence

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SKILL = SkillRef(name="speed", content_hash="a" * 64, function_hash="b" * 64)
RAISED = Raised(type="ValueError", message="could not convert string to float: 'NA'")


def episode(argument: Any, outcome: Raised | Returned = RAISED, **changes: Any) -> EpisodeRecorded:
    failed = isinstance(outcome, Raised)
    fields: dict[str, Any] = {
        "tenant_id": "acme",
        "agent_id": "scout",
        "episode_id": "e1",
        "reported_as": "r1",
        "occurred_at": NOW,
        "outcome": Outcome.FAILURE if failed else Outcome.SUCCESS,
        "skill": SKILL,
        "call": Call(entrypoint="speed", arguments=Arguments(args=(encode(argument),)), outcome=outcome),
        "signature": "s1" if failed else None,
        "case_id": "c1" if failed else None,
    }
    return EpisodeRecorded(**(fields | changes))


def evidence(argument: Any, outcome: Raised | Returned = RAISED, **changes: Any) -> Evidence:
    found = to_evidence(episode(argument, outcome, **changes))
    assert found is not None
    return found


def failing(count: int) -> list[Evidence]:
    return [evidence({"air_time": "NA", "flight": f"F{number}"}) for number in range(count)]


def test_a_call_whose_arguments_did_not_travel_is_no_evidence() -> None:
    assert to_evidence(episode(object())) is None


def test_a_call_whose_answer_did_not_travel_is_no_evidence() -> None:
    assert to_evidence(episode({"air_time": "90"}, Returned(value=encode(object())))) is None


def test_a_report_without_a_call_or_a_skill_is_no_evidence() -> None:
    assert to_evidence(episode({}, call=None)) is None
    assert to_evidence(episode({}, skill=None)) is None


def test_calls_that_differ_in_values_have_one_shape_and_calls_that_miss_another_field_another() -> None:
    first = evidence({"air_time": "NA", "distance": "100"})
    other_value = evidence({"air_time": "NA", "distance": "900"})
    other_field = evidence({"air_time": "90", "distance": "NA"})
    assert first.shape == other_value.shape
    assert first.shape != other_field.shape


def test_the_same_call_is_run_once() -> None:
    [call] = to_calls([evidence("NA"), evidence("NA", occurred_at=NOW + timedelta(days=1))], [], [])
    assert call.role is Role.FAILING


def test_a_call_that_fails_now_is_not_held_up_as_a_good_one() -> None:
    calls = to_calls([evidence("NA")], [evidence("NA", Returned(value=None))], [])
    assert [call.role for call in calls] == [Role.FAILING]


def test_every_shape_is_heard_before_any_is_heard_twice() -> None:
    common = failing(40)
    rare = evidence({"air_time": "", "flight": "F"})
    calls = to_calls([*common, rare], [], [])
    assert len(calls) == FAILING_CALLS
    assert rare.call_id in {call.call_id for call in calls}


@given(count=st.integers(2, 30))
def test_some_calls_are_held_out_and_some_are_not(count: int) -> None:
    shares = [call.share for call in to_calls(failing(count), [], [])]
    assert Share.HELD_OUT in shares
    assert shares.count(Share.SEARCH) >= shares.count(Share.HELD_OUT)


def test_a_single_failing_call_is_for_the_search() -> None:
    [call] = to_calls(failing(1), [], [])
    assert call.share is Share.SEARCH


@given(order=st.permutations(range(9)))
def test_the_split_does_not_depend_on_the_order_in_which_calls_came(order: list[int]) -> None:
    pool = failing(9)
    assert to_calls([pool[index] for index in order], [], []) == to_calls(pool, [], [])


def test_roles_follow_from_where_a_call_comes_from() -> None:
    calls = to_calls([evidence("NA")], [evidence("90", Returned(value=1.5))], [evidence("x", RAISED)])
    assert [call.role for call in calls] == [Role.FAILING, Role.REGRESSION, Role.PASSING]

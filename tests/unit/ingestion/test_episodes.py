"""Reports become episodes, and failures of one poll become few records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.binary import InvalidRecordError
from autodev.events.catalogue import EVENT_TYPES
from autodev.events.envelope import Event, new_event
from autodev.events.models.agent import Outcome, SkillExecutionEvent, TaskEvent
from autodev.events.models.call import Arguments, Call, Raised, SkillRef
from autodev.events.models.failure import EpisodeRecorded
from autodev.ids import TenantId, case_id
from services.ingestion.domain.combine import Failure, combine
from services.ingestion.domain.episode import check_time, to_episode
from services.ingestion.handlers import REPORTS
from tests.unit.events.factories import random_data

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
SKILL = SkillRef(name="speed", content_hash="a" * 64, function_hash="b" * 64)


def execution(**changes: Any) -> Event[SkillExecutionEvent]:
    call = Call(entrypoint="speed", arguments=Arguments(args=({"air_time": "NA"},)), outcome=Raised(type="ValueError"))
    fields: dict[str, Any] = {
        "execution_id": "e1",
        "agent_id": "scout",
        "tenant_id": "acme",
        "skill_id": "speed",
        "occurred_at": NOW,
        "skill": SKILL,
        "call": call,
    }
    return new_event(SkillExecutionEvent(**(fields | changes)), source="/agents/acme/scout")


def task(**changes: Any) -> Event[TaskEvent]:
    fields: dict[str, Any] = {
        "episode_id": "e1",
        "agent_id": "scout",
        "tenant_id": "acme",
        "outcome": Outcome.FAILURE,
        "occurred_at": NOW,
    }
    return new_event(TaskEvent(**(fields | changes)), source="/agents/acme/scout")


def failure(event: Event[Any]) -> Failure:
    return Failure(event, *to_episode(event))


def test_a_failed_call_gets_its_signature_and_its_case() -> None:
    episode, error_type = to_episode(execution())
    assert error_type == "ValueError"
    assert episode.signature is not None
    assert episode.case_id == case_id(episode.tenant_id, episode.agent_id, episode.signature)


def test_the_same_failure_of_two_tenants_is_two_cases() -> None:
    first, _ = to_episode(execution())
    second, _ = to_episode(execution(tenant_id="other"))
    assert first.signature == second.signature
    assert first.case_id != second.case_id


def test_a_success_has_no_signature() -> None:
    episode, error_type = to_episode(execution(success=True))
    assert (episode.signature, episode.case_id, error_type) == (None, None, "")


def test_a_partial_task_counts_as_a_failure() -> None:
    episode, error_type = to_episode(task(outcome=Outcome.PARTIAL, task_description="book a flight"))
    assert episode.outcome.is_failure
    assert error_type == "TaskFailed"


def test_secrets_in_arguments_and_words_are_scrubbed() -> None:
    call = Call(entrypoint="f", arguments=Arguments(kwargs={"password": "hunter22"}), outcome=Raised(type="KeyError"))
    episode, _ = to_episode(execution(call=call, output="Bearer abcdefgh12345678"))
    assert "hunter22" not in episode.model_dump_json()
    assert "abcdefgh12345678" not in episode.model_dump_json()


@pytest.mark.parametrize("name", ["dev.autodev.skill.executed.v1", "dev.autodev.task.failed.v1"])
def test_an_episode_is_what_validation_would_make_of_it(name: str) -> None:
    for _ in range(50):
        report = random_data(EVENT_TYPES[name])
        assert isinstance(report, REPORTS)
        episode, _ = to_episode(new_event(report, source="/agents/acme/scout"))
        validated = EpisodeRecorded.read(episode.write())
        assert episode == validated
        assert episode.write() == validated.write()
        assert episode.model_fields_set == set(EpisodeRecorded.model_fields)


@pytest.mark.parametrize("words", ["password=hunter22 " * 210, "x://a:b@" * 470, "a" * 4_000])
def test_words_as_long_as_a_report_takes_make_a_valid_episode(words: str) -> None:
    for event in (execution(output=words[:4_000], violation=words[:4_000]), task(task_description=words[:4_000])):
        episode, _ = to_episode(event)
        assert EpisodeRecorded.read(episode.write()) == episode


@pytest.mark.parametrize("ahead", [timedelta(minutes=5, seconds=1), -(WEEK + timedelta(seconds=1))])
def test_a_time_from_the_future_or_beyond_the_retention_is_refused(ahead: timedelta) -> None:
    with pytest.raises(InvalidRecordError) as refused:
        check_time("occurred_at", NOW + ahead, NOW, WEEK)
    assert refused.value.field == "occurred_at"


@pytest.mark.parametrize("ahead", [timedelta(minutes=5), -WEEK, timedelta(0)])
def test_a_time_within_bounds_is_taken(ahead: timedelta) -> None:
    check_time("occurred_at", NOW + ahead, NOW, WEEK)


def test_failures_of_one_problem_in_one_second_become_one_record() -> None:
    events = [execution(execution_id=f"e{number}") for number in range(5)]
    [(batched, cause)] = combine([failure(event) for event in events], {}, 2)
    assert batched.count == 5
    assert cause is events[0]


def test_other_seconds_agents_and_problems_stay_apart() -> None:
    events: list[Event[Any]] = [
        execution(),
        execution(occurred_at=NOW + timedelta(seconds=1)),
        execution(agent_id="pilot"),
        execution(call=Call(entrypoint="speed", arguments=Arguments(), outcome=Raised(type="KeyError"))),
        task(task_description="book a flight"),
        task(task_description="book a hotel"),
    ]
    assert [batched.count for batched, _ in combine(map(failure, events), {}, 2)] == [1] * 6


def test_a_workspace_threshold_travels_with_its_failures() -> None:
    mine, theirs = failure(execution()), failure(execution(tenant_id="other"))
    batched = combine([mine, theirs], {TenantId("acme"): 7}, 2)
    assert [each.threshold for each, _ in batched] == [7, 2]


@given(seconds=st.lists(st.integers(0, 5), min_size=1), cuts=st.sets(st.integers(0, 20)))
def test_no_failure_is_lost_or_doubled_however_polls_cut_the_stream(seconds: list[int], cuts: set[int]) -> None:
    failures = [failure(execution(occurred_at=NOW + timedelta(seconds=second))) for second in seconds]
    total = 0
    start = 0
    for end in [*sorted(cut for cut in cuts if cut < len(failures)), len(failures)]:
        total += sum(batched.count for batched, _ in combine(failures[start:end], {}, 2))
        start = end
    assert total == len(seconds)

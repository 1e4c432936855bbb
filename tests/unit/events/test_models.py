"""What event data promise beyond their fields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from autodev.events.binary import InvalidRecordError, read_data
from autodev.events.catalogue import EVENT_TYPES, SUBSCRIPTIONS, TOPICS, Cleanup, EventType, dead_letter_topic, type_of
from autodev.events.models.agent import Outcome, SkillRegistered, TaskEvent
from autodev.events.models.call import Arguments, Expectation, Returned
from autodev.events.models.failure import FailureBatched
from autodev.events.models.search import CallRun, CandidatesExecuted, EvidenceCall, Role, Share, Verdict
from autodev.events.models.workspace import AgentGranted, Capability, Maturity
from autodev.ids import AgentId, CallId, EventId, TenantId, case_id, derived_event_id, derived_id, new_event_id, sha256
from autodev.values import is_complete
from autodev.values.tags import MAX_JSON_DEPTH
from tests.unit.events.factories import random_data
from tests.unit.events.records import GRANT

each_type = pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda each: each.name)


def task(**given: Any) -> TaskEvent:
    fields: dict[str, Any] = {"tenant_id": "acme", "agent_id": "scout", "episode_id": "e", "outcome": "failure"}
    return TaskEvent(**fields | given)


def batch(**given: Any) -> FailureBatched:
    fields: dict[str, Any] = {"tenant_id": "acme", "agent_id": "scout", "error_type": "", "second": 0, "count": 1}
    return FailureBatched(**fields | given)


def test_writers_are_strict() -> None:
    with pytest.raises(ValidationError, match="unknown_field"):
        task(unknown_field=1)


def test_readers_tolerate_what_a_newer_producer_added() -> None:
    newer = GRANT.write()[:-1] + b',"added_later":{"a":[1]}}'
    assert AgentGranted.read(newer) == GRANT


@each_type
def test_data_are_frozen(event_type: EventType) -> None:
    data = random_data(event_type)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(data, next(iter(type(data).model_fields)), None)


@each_type
def test_every_type_has_a_key_and_is_found_by_its_data(event_type: EventType) -> None:
    data = random_data(event_type)
    assert data.record_key()
    assert type_of(data) == event_type


@pytest.mark.parametrize(
    ("outcome", "name"),
    [
        (Outcome.FAILURE, "dev.autodev.task.failed.v1"),
        (Outcome.PARTIAL, "dev.autodev.task.failed.v1"),
        (Outcome.SUCCESS, "dev.autodev.task.succeeded.v1"),
    ],
)
def test_the_outcome_of_a_task_decides_its_type(outcome: Outcome, name: str) -> None:
    assert type_of(task(outcome=outcome)).name == name


@pytest.mark.parametrize("name", ["", "a/b", "-a", "a b", "ä", "a\n", "x" * 129, "\x00"])
def test_names_that_would_break_a_key_are_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="tenant_id"):
        task(tenant_id=name)


def test_times_need_a_zone_and_are_kept_in_utc() -> None:
    eastern = timezone(timedelta(hours=-5))
    assert task(occurred_at=datetime(2026, 3, 1, 7, tzinfo=eastern)).occurred_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    with pytest.raises(ValidationError, match="occurred_at"):
        task(occurred_at=datetime(2026, 3, 1))  # noqa: DTZ001 - that is the point


def test_a_time_beyond_the_calendar_is_refused_as_any_other_wrong_field() -> None:
    written = task(occurred_at=datetime(2026, 3, 1, tzinfo=UTC)).write()
    payload = written.replace(b"2026-03-01T00:00:00Z", b"0001-01-01T00:00:00+23:59")
    with pytest.raises(InvalidRecordError, match="occurred_at"):
        read_data(TaskEvent, payload)


def test_a_registered_source_must_have_the_hash_it_says() -> None:
    fields: dict[str, Any] = {"tenant_id": "acme", "agent_id": "scout", "module": "tools", "source": "x = 1\n"}
    assert SkillRegistered(**fields, content_hash=sha256("x = 1\n")).record_key() == f"acme/{sha256('x = 1' + chr(10))}"
    with pytest.raises(ValidationError, match="content_hash is not the SHA-256 of source"):
        SkillRegistered(**fields, content_hash=sha256("x = 2\n"))


def test_a_batch_of_failures_has_a_signature_with_its_case_or_neither() -> None:
    assert batch(signature="s", case_id="c").case_id == "c"
    assert batch(signature=None, case_id=None).signature is None
    for half in ({"signature": "s", "case_id": None}, {"signature": None, "case_id": "c"}):
        with pytest.raises(ValidationError, match="come together or not at all"):
            batch(**half)


def test_maturity_is_a_ladder() -> None:
    ladder = [Maturity.STUDENT, Maturity.INTERN, Maturity.SUPERVISED, Maturity.AUTONOMOUS]
    for height, step in enumerate(ladder):
        assert [step.at_least(other) for other in ladder] == [other <= height for other in range(4)]


def test_a_grant_is_kept_per_tenant_agent_and_capability() -> None:
    assert GRANT.record_key() == f"acme/scout/{Capability.MEMENTO_SKILLS}"


def test_derived_ids_are_the_same_everywhere_and_differ_where_any_part_differs() -> None:
    assert derived_id("event", "a", 1) == "c30062e2-b767-5663-849d-25a8f85a1296"
    ids = {
        derived_event_id(source, EventId(cause), event_type, index)
        for source in ("/agents/acme", "/agents/other")
        for cause in ("a", "b")
        for event_type in ("t", "u")
        for index in (0, 1)
    }
    assert len(ids) == 16
    assert derived_id("a", "b") != derived_id("ab")


def test_a_case_belongs_to_one_tenant_agent_and_signature() -> None:
    cases = {case_id(TenantId(tenant), AgentId(agent), "s") for tenant in ("a", "b") for agent in ("c", "d")}
    assert len(cases) == 4


def test_fresh_ids_sort_by_birth() -> None:
    ids = [new_event_id() for _ in range(100)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 100


def test_every_topic_is_written_by_some_type_or_holds_dead_letters() -> None:
    written = {each.topic for each in EVENT_TYPES.values()}
    assert set(TOPICS) - written == {dead_letter_topic(group) for group in SUBSCRIPTIONS}
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)


def test_every_subscription_is_to_a_topic_of_the_catalogue() -> None:
    assert {topic for topics in SUBSCRIPTIONS.values() for topic in topics} <= set(TOPICS)


def test_a_dead_letter_topic_takes_whatever_its_group_reads() -> None:
    for group, topics in SUBSCRIPTIONS.items():
        letters = dead_letter_topic(group)
        assert letters.max_bytes > max(topic.max_bytes for topic in topics)
        assert letters.retention > max(topic.retention for topic in topics)
        assert letters.cleanup is Cleanup.DELETE


def test_the_deepest_value_that_is_evidence_can_be_read_wherever_it_travels() -> None:
    deepest: Any = 1
    for _ in range(MAX_JSON_DEPTH):
        deepest = [deepest]
    assert is_complete(deepest)
    executed = random_data(EVENT_TYPES["dev.autodev.candidates.executed.v1"])
    assert isinstance(executed, CandidatesExecuted)
    call = EvidenceCall(
        call_id=CallId("c"),
        role=Role.FAILING,
        share=Share.SEARCH,
        arguments=Arguments(args=(deepest,), kwargs={"x": deepest}),
        recorded=Returned(value=deepest),
        expected=Expectation(value=deepest),
    )
    ran = CallRun(call_id=call.call_id, verdict=Verdict.OK, outcome=Returned(value=deepest), seconds=0)
    runs = tuple(run.model_copy(update={"calls": (ran,)}) for run in executed.runs)
    whole = executed.model_copy(update={"evidence": (call,), "runs": runs})
    assert CandidatesExecuted.read(whole.write()) == whole

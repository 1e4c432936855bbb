"""Reports in; stored episodes and combined failures out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from autodev.events.envelope import Event, new_event
from autodev.events.models.agent import SkillExecutionEvent, TaskEvent
from autodev.events.models.base import EventData, utc_now
from autodev.events.models.call import Arguments, Call, Raised, Returned
from autodev.events.models.failure import EpisodeRecorded, FailureBatched
from autodev.ids import EventId
from tests.integration.loopback import speed
from tests.integration.loopback.installed import Installed

pytestmark = pytest.mark.postgres
HOSTILE = "\x00\u202e<script>alert(1)</script>'; DROP TABLE episode; --\ufffe"


def executed(**changes: Any) -> Event[SkillExecutionEvent]:
    """A failed call, unless said otherwise."""
    fields: dict[str, Any] = {
        "execution_id": "e1",
        "agent_id": speed.AGENT,
        "tenant_id": speed.TENANT,
        "skill_id": "speed",
        "occurred_at": utc_now().replace(microsecond=0),
        "skill": speed.SKILL,
        "call": called({"air_time": 0}),
    }
    return new_event(SkillExecutionEvent(**(fields | changes)), source="/agents/acme/scout")


def called(*arguments: Any) -> Call:
    return Call(entrypoint="speed", arguments=Arguments(args=arguments), outcome=speed.ZERO)


def of(kind: type[EventData], published: Sequence[Event[Any]]) -> list[Any]:
    return [event.data for event in published if isinstance(event.data, kind)]


async def test_a_failure_is_stored_passed_on_and_batched(ingestion: Installed) -> None:
    report = executed()
    recorded, batched = await ingestion.take(report)
    assert recorded.data is not None
    assert (recorded.key, recorded.data.reported_as) == ("acme/scout", report.id)
    assert (batched.data.count, batched.data.threshold) == (1, 2)  # type: ignore[union-attr]
    assert recorded.correlation_id == batched.correlation_id == recorded.data.case_id
    assert recorded.causation_id == batched.causation_id == report.id
    assert await ingestion.rows("SELECT tenant_id, agent_id, outcome FROM ingestion.episode") == [
        ("acme", "scout", "failure")
    ]


async def test_a_success_is_stored_and_passed_on_and_not_batched(ingestion: Installed) -> None:
    call = Call(entrypoint="speed", arguments=Arguments(), outcome=Returned(value=1))
    published = await ingestion.take(executed(success=True, call=call))
    assert [type(event.data) for event in published] == [EpisodeRecorded]


async def test_the_same_event_twice_is_one_episode_and_one_failure(ingestion: Installed) -> None:
    report = executed()
    [batched] = of(FailureBatched, await ingestion.take(report, report))
    assert batched.count == 1
    assert await ingestion.take(report) == []
    assert await ingestion.rows("SELECT count(*) FROM ingestion.episode") == [(1,)]


async def test_two_agents_may_give_their_events_the_same_id(ingestion: Installed) -> None:
    mine = replace(executed(), id=EventId("1"))
    theirs = replace(executed(agent_id="pilot"), id=EventId("1"), source="/agents/acme/pilot")
    published = await ingestion.take(mine, theirs)
    assert len(of(EpisodeRecorded, published)) == 2
    assert len({event.id for event in published}) == len(published)
    assert await ingestion.rows("SELECT count(*) FROM ingestion.episode") == [(2,)]


async def test_failures_of_one_poll_that_are_the_same_problem_become_one_record(ingestion: Installed) -> None:
    at = utc_now().replace(microsecond=0)  # one second for all: the clock may be between two of them
    reports = [executed(execution_id=f"e{number}", occurred_at=at) for number in range(50)]
    [batched] = of(FailureBatched, await ingestion.take(*reports))
    assert batched.count == 50
    assert await ingestion.rows("SELECT count(*) FROM ingestion.episode") == [(50,)]


async def test_a_workspaces_threshold_travels_with_its_failures_and_with_no_others(ingestion: Installed) -> None:
    await ingestion.take(speed.configured(failure_threshold=7))
    reports = [executed(), executed(tenant_id="globex")]
    assert [each.threshold for each in of(FailureBatched, await ingestion.take(*reports))] == [7, 2]


async def test_a_threshold_can_be_changed(ingestion: Installed) -> None:
    await ingestion.take(speed.configured(failure_threshold=7), speed.configured(failure_threshold=3))
    [batched] = of(FailureBatched, await ingestion.take(executed()))
    assert batched.threshold == 3


async def test_a_sampled_success_counts_for_all_it_stands_for(ingestion: Installed) -> None:
    await ingestion.take(executed(success=True, executions=40), executed())
    assert await ingestion.rows("SELECT sum(executions) FROM ingestion.episode") == [(41,)]


async def test_hostile_text_is_stored_and_passed_on_as_it_is(ingestion: Installed) -> None:
    raised = Raised(type=HOSTILE, message=HOSTILE)
    call = Call(entrypoint=HOSTILE, arguments=Arguments(args=(HOSTILE,), kwargs={HOSTILE: HOSTILE}), outcome=raised)
    [recorded] = of(EpisodeRecorded, await ingestion.take(executed(call=call, output=HOSTILE)))
    assert (recorded.call, recorded.description) == (call, HOSTILE)
    [(payload,)] = await ingestion.rows("SELECT payload FROM ingestion.episode")
    assert EpisodeRecorded.read(payload) == recorded


async def test_a_failure_told_in_words_only_is_passed_on_with_its_words(ingestion: Installed) -> None:
    report = TaskEvent(
        episode_id="e1",
        agent_id=speed.AGENT,
        tenant_id=speed.TENANT,
        task_description="book a flight, token=abcdefgh12345678",
        outcome="failure",
    )
    [batched] = of(FailureBatched, await ingestion.take(new_event(report, source="/agents/acme/scout")))
    assert (batched.signature, batched.case_id) == (None, None)
    assert batched.description == "book a flight, token=[scrubbed]"


async def test_secrets_are_neither_stored_nor_passed_on(ingestion: Installed) -> None:
    call = Call(entrypoint="f", arguments=Arguments(kwargs={"password": "hunter22"}), outcome=speed.ZERO)
    await ingestion.deliver(executed(call=call))
    assert all(b"hunter22" not in (record.value or b"") for record in await ingestion.outbox())
    assert (
        await ingestion.rows("SELECT 1 FROM ingestion.episode WHERE position('hunter22'::bytea in payload) > 0") == []
    )


@pytest.mark.parametrize(
    "wrong",
    [
        replace(executed(), key="globex/scout"),
        executed(occurred_at=utc_now() + timedelta(hours=1)),
        executed(occurred_at=utc_now() - timedelta(days=8)),
        executed(call=called(*["a://:b@" * 12] * 11_900)),
    ],
    ids=["another tenant's key", "from the future", "past the retention", "too large once it is scrubbed"],
)
async def test_what_is_wrong_is_a_dead_letter_and_its_neighbours_pass(ingestion: Installed, wrong: Event[Any]) -> None:
    await ingestion.deliver(executed(), wrong, executed())
    outbox = await ingestion.outbox()
    topics = [record.topic for record in outbox]
    assert topics.count("ingestion.dlq") == 1
    assert topics.count("ingestion.episode.recorded.v1") == 2
    assert ("dlq-error-class", b"invalid") in outbox[topics.index("ingestion.dlq")].headers

"""What a promoted version is seen to do: it is verified, repaired further, or rolled back, by exact counts."""

from __future__ import annotations

from typing import Any

import pytest

from autodev.events.envelope import Event
from autodev.events.models.case import CanaryCounts, CaseChanged, CaseState, RollbackRequested, SkillPromoted
from autodev.events.models.search import Role
from autodev.ids import AgentId
from tests.integration.loopback import speed
from tests.integration.proposals.desk import Desk, data_of, enough, proposals, states
from tests.integration.proposals.versions import promoted, under, withdrawn

pytestmark = pytest.mark.postgres


async def in_canary(desk: Desk) -> Event[SkillPromoted]:
    """The version that is to fix what failed in 3 of 10 executions; 20 good outcomes verify it."""
    version = promoted(await desk.searching())
    await desk.take(speed.counted(6), version)
    return version


async def second_fix(desk: Desk) -> Event[SkillPromoted]:
    """Another case of the skill, fixed on top of the first."""
    await desk.take(*enough("missing", outcome=speed.MISSING, air_time=None))
    [proposed] = proposals(await desk.take(speed.requested(signature="missing", outcome=speed.MISSING)))
    second = promoted(proposed, version="1.0.1")
    await desk.take(second)
    return second


def restored(first: Event[SkillPromoted], failed: Event[SkillPromoted], version: str = "1.0.2") -> Event[Any]:
    """The first version, as fitness promotes it again in the place of the one that failed."""
    assert first.data is not None
    assert failed.data is not None
    back = first.data.model_copy(update={"version": version, "rolls_back": failed.data.code_hash})
    return speed.said(back, back.case_id)


async def test_enough_good_outcomes_verify_it(desk: Desk) -> None:
    version = await in_canary(desk)
    assert CaseState.VERIFIED not in states(await desk.take(speed.counted(19, ran=under(version))))
    [told] = data_of(CaseChanged, await desk.take(speed.counted(1, ran=under(version))))
    assert told.state is CaseState.VERIFIED
    assert told.canary == CanaryCounts(
        executions=20, good=20, recurrences=0, needed=20, before_executions=10, before_recurrences=3
    )


async def test_executions_of_the_original_verify_nothing(desk: Desk) -> None:
    await in_canary(desk)
    assert await desk.take(speed.counted(1_000)) == []


async def test_executions_of_another_agent_verify_nothing(desk: Desk) -> None:
    version = await in_canary(desk)
    assert await desk.take(speed.counted(1_000, ran=under(version), agent=AgentId("other"))) == []


async def test_one_recurrence_asks_for_more_good_outcomes(desk: Desk) -> None:
    version = await in_canary(desk)
    await desk.take(speed.counted(70))  # 3 of 80 failed alike
    [told] = data_of(CaseChanged, await desk.take(speed.failed(31, ran=under(version))))
    assert told.state is CaseState.CANARY
    assert told.canary is not None
    assert (told.canary.recurrences, told.canary.needed) == (1, 127)


async def test_progress_is_told_at_each_quarter_of_what_is_needed(desk: Desk) -> None:
    version = await in_canary(desk)
    published = await desk.take(*(speed.counted(1, ran=under(version)) for _ in range(20)))
    told = data_of(CaseChanged, published)
    assert [each.canary.good for each in told if each.canary] == [5, 10, 15, 20]
    assert states(published) == [CaseState.CANARY] * 3 + [CaseState.VERIFIED]


async def test_a_batch_is_told_of_as_its_episodes_one_by_one(desk: Desk) -> None:
    version = await in_canary(desk)
    published = await desk.service.take(*(speed.counted(1, ran=under(version)) for _ in range(20)))
    assert [each.canary.good for each in data_of(CaseChanged, published) if each.canary] == [5, 10, 15, 20]


async def test_what_recurs_as_rarely_as_before_or_more_rarely_is_repaired_further(desk: Desk) -> None:
    version = await in_canary(desk)
    await desk.take(speed.counted(10, ran=under(version)))
    failures = [speed.failed(distance, ran=under(version)) for distance in (31, 32)]
    published = await desk.take(*failures)
    assert CaseState.OPEN in states(published)
    assert data_of(RollbackRequested, published) == []
    assert (await desk.case()).round == 2


async def test_what_recurs_more_often_than_before_is_asked_to_be_rolled_back_once(desk: Desk) -> None:
    version = await in_canary(desk)
    failures = [speed.failed(distance, ran=under(version)) for distance in range(31, 36)]
    [request] = data_of(RollbackRequested, await desk.take(*failures))
    assert version.data is not None
    assert (request.skill, request.code_hash, request.case_id) == ("speed", version.data.code_hash, speed.case_of())
    assert (request.requested_by, request.reason) == (
        "canary",
        "failed alike in 2 of 2 executions, in 3 of 10 before",
    )


async def test_the_second_failure_decides_whatever_comes_after_it_in_the_batch(desk: Desk) -> None:
    version = await in_canary(desk)
    failures = [speed.failed(distance, ran=under(version)) for distance in (31, 32)]
    published = await desk.service.take(*failures, speed.counted(100, ran=under(version)))
    assert len(data_of(RollbackRequested, published)) == 1


async def test_a_rollback_to_the_original_ends_the_case_with_the_counts(desk: Desk) -> None:
    version = await in_canary(desk)
    await desk.take(*(speed.failed(distance, ran=under(version)) for distance in (31, 32)))
    [told] = data_of(CaseChanged, await desk.take(withdrawn()))
    assert told.state is CaseState.ROLLED_BACK
    assert told.reason == "rolled back: failed alike in 2 of 2 executions, in 3 of 10 before"


async def test_agents_that_still_run_what_was_rolled_back_say_nothing(desk: Desk) -> None:
    version = await in_canary(desk)
    await desk.take(*(speed.failed(distance, ran=under(version)) for distance in (31, 32)), withdrawn())
    assert await desk.take(*(speed.failed(distance, ran=under(version)) for distance in range(33, 40))) == []


async def test_two_failures_of_what_agents_went_back_to_open_it_again(desk: Desk) -> None:
    version = await in_canary(desk)
    await desk.take(*(speed.failed(distance, ran=under(version)) for distance in (31, 32)), withdrawn())
    [again] = proposals(await desk.take(*(speed.failed(distance) for distance in (41, 42))))
    assert (again.round, again.base_promoted) == (2, None)


async def test_the_calls_that_a_rolled_back_version_failed_on_are_to_be_fixed_by_the_next(desk: Desk) -> None:
    version = await in_canary(desk)
    await desk.take(*(speed.failed(distance, ran=under(version)) for distance in (31, 32)), withdrawn())
    [again] = proposals(await desk.take(speed.requested()))
    failing = [call.arguments.args[0] for call in again.evidence if call.role is Role.FAILING]
    assert {"distance": 31, "air_time": 0} in failing
    assert [call for call in again.evidence if call.role is Role.REGRESSION] == []


async def test_a_rolled_back_version_that_a_person_promotes_again_is_counted_anew(desk: Desk) -> None:
    version = await in_canary(desk)
    await desk.take(*(speed.failed(distance, ran=under(version)) for distance in (31, 32)), withdrawn())
    assert version.data is not None
    again = speed.said(version.data.model_copy(update={"version": "1.0.1"}), version.data.case_id)
    assert states(await desk.take(again)) == [CaseState.CANARY]
    assert states(await desk.take(speed.counted(20, ran=under(version))))[-1] is CaseState.VERIFIED


async def test_a_rollback_to_the_version_before_leaves_what_that_one_fixed(desk: Desk) -> None:
    first = await in_canary(desk)
    second = await second_fix(desk)
    await desk.take(restored(first, second))
    assert (await desk.case("missing")).state is CaseState.ROLLED_BACK
    kept = await desk.case("zero")
    assert first.data is not None
    assert (kept.state, kept.promoted) == (CaseState.CANARY, first.data.code_hash)


async def test_the_restored_version_is_counted_anew(desk: Desk) -> None:
    first = await in_canary(desk)
    await desk.take(speed.counted(10, ran=under(first)))
    second = await second_fix(desk)
    await desk.take(restored(first, second))
    assert CaseState.VERIFIED not in states(await desk.take(speed.counted(19, ran=under(first))))
    assert CaseState.VERIFIED in states(await desk.take(speed.counted(1, ran=under(first))))


async def test_a_case_that_the_restored_version_fixed_can_have_it_rolled_back_in_turn(desk: Desk) -> None:
    first = await in_canary(desk)
    second = await second_fix(desk)
    await desk.take(restored(first, second))
    published = await desk.take(*(speed.failed(distance, ran=under(first)) for distance in (31, 32)))
    assert first.data is not None
    assert [request.code_hash for request in data_of(RollbackRequested, published)] == [first.data.code_hash]


async def test_a_later_version_that_breaks_what_an_earlier_one_fixed_is_rolled_back(desk: Desk) -> None:
    await in_canary(desk)
    second = await second_fix(desk)
    published = await desk.take(*(speed.failed(distance, ran=under(second)) for distance in (31, 32)))
    [request] = data_of(RollbackRequested, published)
    assert second.data is not None
    assert (request.case_id, request.code_hash) == (speed.case_of("zero"), second.data.code_hash)


async def test_what_ran_before_its_promotion_was_read_counts(desk: Desk) -> None:
    version = promoted(await desk.searching())
    await desk.take(speed.counted(6), speed.counted(20, ran=under(version)))
    assert states(await desk.take(version)) == [CaseState.CANARY, CaseState.VERIFIED]


async def test_a_verified_case_whose_failure_comes_back_is_opened_again(desk: Desk) -> None:
    version = await in_canary(desk)
    await desk.take(speed.counted(20, ran=under(version)))
    published = await desk.take(*(speed.failed(distance, ran=under(version)) for distance in (31, 32)))
    assert CaseState.OPEN in states(published)
    assert data_of(RollbackRequested, published) == []


async def test_a_redelivered_episode_is_counted_once(desk: Desk) -> None:
    version = await in_canary(desk)
    failure = speed.failed(31, ran=under(version))
    assert data_of(RollbackRequested, await desk.take(failure, failure, failure)) == []

"""What becomes of a case whose fix was promoted: it holds, fails again, is withdrawn, or comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autodev.events.envelope import Event
from autodev.events.models.case import CaseState, SkillPromoted
from autodev.events.models.search import Role
from tests.integration.loopback import speed
from tests.integration.proposals.desk import Desk, enough, proposals, states
from tests.integration.proposals.versions import promoted, under, withdrawn

pytestmark = pytest.mark.postgres


async def test_a_promotion_makes_it_a_canary(desk: Desk) -> None:
    version = promoted(await desk.searching())
    assert states(await desk.take(version)) == [CaseState.CANARY]
    assert (await desk.case()).reason == "promoted as 1.0.0, approved by grace"


async def test_the_search_after_a_recurrence_grows_from_the_promoted_version_and_keeps_what_it_fixed(
    desk: Desk,
) -> None:
    version = promoted(await desk.searching())
    await desk.take(version)
    await desk.take(speed.went_well(33, ran=under(version)))
    published = await desk.take(*(speed.failed(distance, ran=under(version)) for distance in (31, 32)))
    [again] = proposals(published)
    assert version.data is not None
    assert (again.round, again.base_promoted, again.base_code) == (2, version.data.code_hash, version.data.code)
    roles = [call.role for call in again.evidence]
    assert (roles.count(Role.FAILING), roles.count(Role.REGRESSION)) == (2, 3)


async def test_failures_recorded_before_agents_loaded_the_version_do_not_count_against_it(desk: Desk) -> None:
    await desk.take(promoted(await desk.searching()))
    assert await desk.take(*(speed.failed(distance) for distance in range(31, 40)), speed.requested()) == []
    assert (await desk.case()).state is CaseState.CANARY


async def test_failures_of_a_function_that_its_author_changed_open_it_again(desk: Desk) -> None:
    await desk.take(promoted(await desk.searching()))
    changed = speed.SKILL.model_copy(update={"function_hash": "c" * 64})
    await desk.take(*(speed.failed(distance, ran=changed) for distance in (1, 2)))
    assert (await desk.case()).round == 2


async def test_evidence_of_the_changed_function_is_what_the_new_search_stands_on(desk: Desk) -> None:
    await desk.take(promoted(await desk.searching()))
    changed = speed.SKILL.model_copy(update={"function_hash": "c" * 64})
    failures = [speed.failed(distance, ran=changed, after=timedelta(seconds=1)) for distance in (1, 2)]
    await desk.take(speed.went_well(ran=changed), *failures)
    case = await desk.case()
    assert case.state is CaseState.SEARCHING
    assert case.skill == changed


async def test_a_withdrawal_rolls_it_back(desk: Desk) -> None:
    await desk.take(promoted(await desk.searching()))
    assert states(await desk.take(withdrawn())) == [CaseState.ROLLED_BACK]


async def test_a_withdrawn_version_that_is_promoted_again_is_a_canary_again(desk: Desk) -> None:
    first = await desk.searching()
    await desk.take(promoted(first), withdrawn())
    assert states(await desk.take(promoted(first, version="1.0.1"))) == [CaseState.CANARY]


async def test_a_rolled_back_case_that_comes_back_is_searched_on_the_original(desk: Desk) -> None:
    await desk.take(promoted(await desk.searching()), withdrawn())
    [again] = proposals(await desk.take(speed.requested()))
    assert (again.round, again.base_promoted) == (2, None)
    assert len([call for call in again.evidence if call.role is Role.FAILING]) == 3


async def _two_fixes_on_top_of_each_other(desk: Desk) -> Event[SkillPromoted]:
    first = promoted(await desk.searching())
    await desk.take(first)
    await desk.take(*enough("missing", outcome=speed.MISSING, air_time=None))
    [proposed] = proposals(await desk.take(speed.requested(signature="missing", outcome=speed.MISSING)))
    second = promoted(proposed, version="1.0.1")
    await desk.take(second)
    return second


async def test_the_fixed_calls_of_a_skills_earlier_case_are_regressions_of_its_next(desk: Desk) -> None:
    await desk.take(promoted(await desk.searching()))
    await desk.take(*enough("missing", outcome=speed.MISSING, air_time=None))
    [proposed] = proposals(await desk.take(speed.requested(signature="missing", outcome=speed.MISSING)))
    fixed = [call.arguments.args for call in proposed.evidence if call.role is Role.REGRESSION]
    assert sorted(fixed, key=str) == [({"distance": number, "air_time": 0},) for number in (1, 2, 3)]


async def test_a_version_that_grew_from_another_answers_for_the_earlier_case_too(desk: Desk) -> None:
    second = await _two_fixes_on_top_of_each_other(desk)
    await desk.take(speed.counted(20, ran=under(second)))
    await desk.take(*(speed.failed(distance, ran=under(second)) for distance in (31, 32)))
    assert (await desk.case("zero")).round == 2


async def test_a_withdrawal_rolls_back_every_case_that_the_version_answered_for(desk: Desk) -> None:
    await _two_fixes_on_top_of_each_other(desk)
    await desk.take(withdrawn())
    assert [(await desk.case(each)).state for each in ("zero", "missing")] == [CaseState.ROLLED_BACK] * 2


async def test_what_was_withdrawn_and_promoted_again_while_it_was_away_is_a_canary(desk: Desk) -> None:
    first = await desk.searching()
    version, gone, again = promoted(first), withdrawn(), promoted(first, version="1.0.1")
    await desk.service.take(version, gone, again)
    assert (await desk.case()).state is CaseState.CANARY


async def test_what_was_promoted_and_withdrawn_while_it_was_away_is_rolled_back(desk: Desk) -> None:
    first = await desk.searching()
    await desk.service.take(promoted(first), withdrawn())
    assert (await desk.case()).state is CaseState.ROLLED_BACK

"""A workspace has few searches at one time, whatever it reports: the others' searches get their turn."""

from __future__ import annotations

import pytest

from autodev.events.models.case import CaseState
from autodev.events.models.search import CandidatesProposed, Decision
from autodev.ids import SkillName, TenantId
from services.proposals.search.material import SEARCHES_AT_ONCE, WAITING_FOR_A_PLACE
from tests.integration.loopback import speed
from tests.integration.proposals.desk import Desk, answer, enough, proposals

pytestmark = pytest.mark.postgres
CASES = SEARCHES_AT_ONCE + 3
OTHER = TenantId("globex")


async def _flood(desk: Desk) -> list[CandidatesProposed]:
    """One case each of many skills; what is searched at once."""
    await desk.ready_to_learn(max_skill_candidates_per_day=100)
    begun = []
    for number in range(CASES):
        ran = speed.skill(SkillName(f"speed{number}"))
        await desk.take(*enough(str(number), ran=ran))
        begun += proposals(await desk.take(speed.requested(signature=str(number), ran=ran)))
    return begun


async def test_what_is_more_than_the_places_waits_and_says_so(desk: Desk) -> None:
    assert len(await _flood(desk)) == SEARCHES_AT_ONCE
    last = await desk.case(str(CASES - 1))
    assert (last.state, last.reason) == (CaseState.OPEN, WAITING_FOR_A_PLACE)


@pytest.mark.parametrize("decision", [Decision.NOT_REPRODUCED, Decision.APPROVAL_REQUESTED])
async def test_each_search_that_ends_gives_its_place_to_the_case_that_waits_longest(
    desk: Desk, decision: Decision
) -> None:
    searched = await _flood(desk)
    order = []
    while searched:
        started = proposals(await desk.take(answer(searched.pop(0), decision)))
        assert len(started) <= 1
        order += started
        searched += started
    assert {each.case_id for each in order} == {speed.case_of(str(number)) for number in range(SEARCHES_AT_ONCE, CASES)}


async def test_another_workspace_does_not_wait_for_these_places(desk: Desk) -> None:
    await _flood(desk)
    await desk.take(speed.configured(OTHER), speed.granted(tenant=OTHER), speed.registered(OTHER))
    await desk.take(*enough(tenant=OTHER))
    [theirs] = proposals(await desk.take(speed.requested(tenant=OTHER)))
    assert theirs.tenant_id == OTHER

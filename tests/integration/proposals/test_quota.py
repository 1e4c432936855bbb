"""The day's quota: how many cases may ask for a promotion."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autodev.events.models.case import ApprovalDecided, CaseState
from autodev.events.models.search import CandidatesProposed, Decision
from autodev.ids import AgentId, SkillName
from services.proposals.search.start import PATIENCE
from tests.integration.loopback import speed
from tests.integration.proposals.desk import Desk, answer, enough, proposals

pytestmark = pytest.mark.postgres
OTHER = speed.skill(SkillName("pace"))


async def _two_cases_at_a_limit_of_one(desk: Desk) -> CandidatesProposed:
    """The first is searched; the second, of another skill, waits."""
    first = await desk.searching(max_skill_candidates_per_day=1)
    await desk.take(*enough("other", ran=OTHER), speed.requested(signature="other", ran=OTHER))
    assert "daily limit of 1 reached for agent scout" in (await desk.case("other")).reason
    return first


async def test_at_the_limit_a_case_waits_for_the_next_day(desk: Desk) -> None:
    first = await _two_cases_at_a_limit_of_one(desk)
    await desk.take(answer(first, Decision.APPROVAL_REQUESTED))
    desk.clock.move(timedelta(hours=11, minutes=59))
    await desk.patrol.round()
    assert (await desk.case("other")).state is CaseState.OPEN
    desk.clock.move(timedelta(minutes=1))
    await desk.patrol.round()
    assert (await desk.case("other")).state is CaseState.SEARCHING


async def test_a_higher_limit_lets_it_go_on(desk: Desk) -> None:
    await _two_cases_at_a_limit_of_one(desk)
    assert len(proposals(await desk.take(speed.configured(max_skill_candidates_per_day=2)))) == 1


async def test_a_higher_limit_lets_a_case_with_thin_evidence_go_on(desk: Desk) -> None:
    await desk.searching(max_skill_candidates_per_day=1)
    await desk.take(speed.failed(signature="other", ran=OTHER), speed.requested(signature="other", ran=OTHER))
    desk.clock.move(PATIENCE)
    await desk.patrol.round()
    assert "daily limit" in (await desk.case("other")).reason
    await desk.take(speed.configured(max_skill_candidates_per_day=2))
    desk.clock.move(PATIENCE)
    await desk.patrol.round()
    assert (await desk.case("other")).state is CaseState.SEARCHING


async def test_a_case_that_asks_for_no_promotion_gives_its_place_to_the_next(desk: Desk) -> None:
    first = await _two_cases_at_a_limit_of_one(desk)
    [second] = proposals(await desk.take(answer(first, Decision.NOT_REPRODUCED)))
    assert second.case_id == speed.case_of("other")


async def test_a_case_that_was_rejected_has_used_its_place(desk: Desk) -> None:
    first = await _two_cases_at_a_limit_of_one(desk)
    await desk.take(answer(first, Decision.APPROVAL_REQUESTED))
    rejection = ApprovalDecided(
        tenant_id=speed.TENANT,
        case_id=first.case_id,
        candidate_id=first.candidates[-1].candidate_id,
        approved=False,
        reviewer="grace",
    )
    assert proposals(await desk.take(speed.said(rejection, first.case_id))) == []
    assert (await desk.case()).state is CaseState.REJECTED
    assert "daily limit" in (await desk.case("other")).reason


async def test_agents_have_quotas_of_their_own(desk: Desk) -> None:

    await desk.searching(max_skill_candidates_per_day=1)
    pilot = AgentId("pilot")
    await desk.take(speed.granted(agent=pilot), *enough("other", ran=OTHER, agent=pilot))
    assert len(proposals(await desk.take(speed.requested(signature="other", ran=OTHER, agent=pilot)))) == 1


async def test_a_limit_of_zero_lets_nothing_start(desk: Desk) -> None:
    await desk.ready_to_learn(max_skill_candidates_per_day=0)
    await desk.take(*enough(), speed.requested())
    assert "daily limit of 0 reached" in (await desk.case()).reason

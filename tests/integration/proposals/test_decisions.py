"""A person approves, rejects, or promotes again; and what that makes of the case."""

from __future__ import annotations

import pytest

from autodev.events.models.case import CaseState
from autodev.events.models.search import Decision
from tests.integration.loopback import speed
from tests.integration.proposals.desk import Desk, answer, enough, proposals, states
from tests.integration.proposals.versions import decided, promoted, withdrawn

pytestmark = pytest.mark.postgres


async def test_a_rejection_ends_it_with_the_reviewers_words(desk: Desk) -> None:
    first = await desk.searching()
    await desk.take(answer(first, Decision.APPROVAL_REQUESTED))
    assert states(await desk.take(decided(first, approved=False))) == [CaseState.REJECTED]
    assert (await desk.case()).reason == "rejected by grace: wrong unit"


async def test_an_approval_waits_for_the_promotion_it_leads_to(desk: Desk) -> None:
    first = await desk.searching()
    await desk.take(answer(first, Decision.APPROVAL_REQUESTED))
    assert await desk.take(decided(first, approved=True)) == []
    assert states(await desk.take(promoted(first, number=-1))) == [CaseState.CANARY]


async def test_rejecting_another_candidate_than_the_one_that_waits_changes_nothing(desk: Desk) -> None:
    first = await desk.searching()
    await desk.take(answer(first, Decision.APPROVAL_REQUESTED))
    assert await desk.take(decided(first, approved=False, number=1)) == []
    assert (await desk.case()).state is CaseState.AWAITING_APPROVAL


async def test_a_rejection_that_is_read_before_the_score_it_answers_ends_the_case_too(desk: Desk) -> None:
    first = await desk.searching()
    await desk.take(decided(first, approved=False))
    await desk.take(answer(first, Decision.APPROVAL_REQUESTED))
    assert (await desk.case()).state is CaseState.REJECTED


async def test_a_rejected_case_becomes_a_canary_when_a_person_promotes_an_older_version(desk: Desk) -> None:
    first = await desk.searching()
    await desk.take(promoted(first), withdrawn())
    [again] = proposals(await desk.take(speed.requested()))
    await desk.take(answer(again, Decision.APPROVAL_REQUESTED), decided(again, approved=False))
    assert states(await desk.take(promoted(first, version="1.0.1"))) == [CaseState.CANARY]


async def test_an_approval_that_came_too_late_starts_the_search_again(desk: Desk) -> None:
    first = await desk.searching()
    await desk.take(answer(first, Decision.APPROVAL_REQUESTED))
    [again] = proposals(await desk.take(answer(first, Decision.STALE)))
    assert again.round == 2


async def test_a_skill_that_another_case_changed_is_searched_again_on_the_new_base(desk: Desk) -> None:
    waiting = await desk.searching()
    await desk.take(answer(waiting, Decision.APPROVAL_REQUESTED))
    await desk.take(*enough("missing", outcome=speed.MISSING, air_time=None))
    [searched] = proposals(await desk.take(speed.requested(signature="missing", outcome=speed.MISSING)))
    version = promoted(waiting, number=-1)
    await desk.take(version)
    [again] = proposals(await desk.take(answer(searched, Decision.CONTINUE)))
    assert version.data is not None
    assert (again.case_id, again.round, again.base_promoted) == (searched.case_id, 2, version.data.code_hash)

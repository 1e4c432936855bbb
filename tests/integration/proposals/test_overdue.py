"""A search that nobody answers: its generation or its score went to the dead letters."""

from __future__ import annotations

import pytest

from autodev.events.models.case import CaseState
from services.proposals.search.start import ANSWER_WITHIN
from tests.integration.proposals.desk import Desk

pytestmark = pytest.mark.postgres


async def test_a_search_without_an_answer_ends_and_frees_its_skill(desk: Desk) -> None:
    proposed = await desk.searching()
    desk.clock.move(ANSWER_WITHIN)
    await desk.patrol.round()
    case = await desk.case()
    assert case.case_id == proposed.case_id
    assert case.state is CaseState.EXHAUSTED
    assert "dead letters" in case.reason


async def test_a_search_is_given_its_time(desk: Desk) -> None:
    await desk.searching()
    desk.clock.move(ANSWER_WITHIN / 2)
    await desk.patrol.round()
    assert (await desk.case()).state is CaseState.SEARCHING

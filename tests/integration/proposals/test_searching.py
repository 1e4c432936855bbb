"""A search from generation to generation, and how it ends."""

from __future__ import annotations

import pytest

from autodev.events.models.case import CaseState
from autodev.events.models.search import CandidatesProposed, Decision, Role, Share
from autodev.ids import sha256
from services.proposals.domain.generation import CANDIDATES, GENERATIONS
from tests.integration.loopback import speed
from tests.integration.proposals.desk import Desk, answer, enough, proposals, states

pytestmark = pytest.mark.postgres


async def _to_the_end(desk: Desk, proposed: CandidatesProposed) -> list[CandidatesProposed]:
    """Every generation until there is no next, when none is plausible."""
    generations = [proposed]
    while following := proposals(await desk.take(answer(generations[-1], Decision.CONTINUE))):
        generations.extend(following)
    return generations


async def test_no_program_is_proposed_twice_in_a_round(desk: Desk) -> None:
    generations = await _to_the_end(desk, await desk.searching())
    hashes = [candidate.code_hash for each in generations for candidate in each.candidates[1:]]
    assert len(generations) > 1
    assert len(hashes) == len(set(hashes))


async def test_generations_are_bounded_and_a_search_without_success_is_exhausted(desk: Desk) -> None:
    generations = await _to_the_end(desk, await desk.searching())
    assert [each.generation for each in generations] == list(range(1, len(generations) + 1))
    assert len(generations) <= GENERATIONS
    assert all(len(each.candidates) <= CANDIDATES + 1 for each in generations)
    case = await desk.case()
    assert case.state is CaseState.EXHAUSTED
    assert f"{case.tried} candidates" in case.reason
    assert case.tried == sum(len(each.candidates) - 1 for each in generations)


async def test_the_evidence_of_a_round_stays_the_same(desk: Desk) -> None:
    first = await desk.searching()
    await desk.take(*(speed.failed(distance) for distance in range(10, 20)))
    [second] = proposals(await desk.take(answer(first, Decision.CONTINUE)))
    assert second.evidence == first.evidence


async def test_every_role_has_a_held_out_part_and_a_search_part(desk: Desk) -> None:
    proposed = await desk.searching()
    shares = {call.share for call in proposed.evidence if call.role is Role.FAILING}
    assert shares == set(Share)


async def test_a_failure_that_does_not_reproduce_ends_the_case_with_the_reason(desk: Desk) -> None:
    first = await desk.searching()
    published = await desk.take(answer(first, Decision.NOT_REPRODUCED, reason="3 returned", sound=()))
    assert states(published) == [CaseState.NOT_REPRODUCED]
    assert (await desk.case()).reason == "3 returned"


async def test_calls_that_did_not_give_their_recorded_outcome_again_are_no_evidence_any_more(desk: Desk) -> None:
    first = await desk.searching()
    unsound = next(call.call_id for call in first.evidence if call.role is Role.FAILING)
    sound = [call.call_id for call in first.evidence if call.call_id != unsound]
    [second] = proposals(await desk.take(answer(first, Decision.CONTINUE, sound=sound)))
    assert unsound not in {call.call_id for call in second.evidence}
    [again] = proposals(await desk.take(answer(second, Decision.STALE)))
    assert unsound not in {call.call_id for call in again.evidence}


async def test_unsound_calls_leave_room_for_others_of_their_shape(desk: Desk) -> None:
    await desk.ready_to_learn()
    await desk.take(*(speed.failed(distance) for distance in range(1, 20)), speed.went_well())
    [first] = proposals(await desk.take(speed.requested()))
    good = [call.call_id for call in first.evidence if call.role is Role.PASSING]
    await desk.take(answer(first, Decision.NOT_REPRODUCED, sound=good))
    assert proposals(await desk.take(speed.requested())) == []
    assert len(proposals(await desk.take(*(speed.failed(distance) for distance in (21, 22))))) == 1


async def test_scores_of_an_older_round_or_generation_are_ignored(desk: Desk) -> None:
    first = await desk.searching()
    [second] = proposals(await desk.take(answer(first, Decision.CONTINUE)))
    before = await desk.case()
    assert await desk.take(answer(first, Decision.NOT_REPRODUCED)) == []
    assert await desk.take(answer(second.model_copy(update={"round": 9}), Decision.NOT_REPRODUCED)) == []
    assert await desk.case() == before


async def test_a_stale_search_begins_again_as_a_new_round(desk: Desk) -> None:
    first = await desk.searching()
    published = await desk.take(answer(first, Decision.STALE))
    assert states(published) == [CaseState.OPEN, CaseState.SEARCHING]
    [again] = proposals(published)
    assert (again.round, again.generation) == (2, 1)


async def test_an_exhausted_case_that_comes_back_is_searched_again(desk: Desk) -> None:
    await _to_the_end(desk, await desk.searching())
    published = await desk.take(speed.requested())
    assert states(published) == [CaseState.OPEN, CaseState.SEARCHING]
    assert (await desk.case()).round == 2


@pytest.mark.parametrize("source", ["def speed(:\n", "speed = len\n", "class speed: ...\n"])
async def test_a_source_that_nothing_can_be_proposed_for_ends_the_case_with_the_reason(desk: Desk, source: str) -> None:

    ran = speed.SKILL.model_copy(update={"content_hash": sha256(source)})
    await desk.take(speed.configured(), speed.granted(), speed.registered(source=source))
    await desk.take(*enough(ran=ran))
    published = await desk.take(speed.requested(ran=ran))
    assert proposals(published) == []
    assert (await desk.case()).state is CaseState.NOT_REPRODUCED
    assert "speed" in (await desk.case()).reason


async def test_text_from_a_guest_may_hold_any_character(desk: Desk) -> None:
    hostile = speed.ZERO.model_copy(update={"type": "Bad\x00Error", "message": "\x00\u202e</script>"})
    await desk.ready_to_learn()
    await desk.take(*enough(outcome=hostile))
    [proposed] = proposals(await desk.take(speed.requested(outcome=hostile)))
    reason = "raised ValueError: \x00\u202e"
    await desk.take(answer(proposed, Decision.NOT_REPRODUCED, reason=reason))
    case = await desk.case()
    assert (case.reason, case.error_type) == (reason, "Bad\x00Error")

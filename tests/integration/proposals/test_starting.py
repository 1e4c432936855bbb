"""When a case starts, and what it says while it waits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from autodev.events.models.case import CaseState
from autodev.events.models.workspace import Maturity
from autodev.ids import SkillName, TenantId
from autodev.repair import Edit
from services.proposals.engines.engine import SearchRequest
from services.proposals.patrol import Patrol
from services.proposals.search.material import SEARCHES_AT_ONCE
from services.proposals.search.start import PATIENCE
from tests.integration.loopback import speed
from tests.integration.proposals.desk import Desk, enough, proposals, states

pytestmark = pytest.mark.postgres


async def test_a_case_with_all_it_needs_is_searched_at_once(desk: Desk) -> None:
    await desk.ready_to_learn()
    await desk.take(*enough())
    published = await desk.take(speed.requested())
    assert states(published) == [CaseState.OPEN, CaseState.SEARCHING]
    [proposed] = proposals(published)
    assert proposed.candidates[0].operator == "unmodified"
    assert len(proposed.candidates) > 1


async def test_without_an_opt_in_it_stays_open_and_says_how_to_opt_in(desk: Desk) -> None:
    await desk.take(speed.granted(), speed.registered(), *enough(), speed.requested())
    case = await desk.case()
    assert case.state is CaseState.OPEN
    assert "autodev workspace set enabled=true" in case.reason


async def test_a_student_does_not_learn_and_the_reason_names_the_grant(desk: Desk) -> None:
    await desk.take(speed.configured(), speed.registered(), *enough(), speed.requested())
    assert "autodev agents grant scout intern" in (await desk.case()).reason


async def test_settings_changed_later_start_it(desk: Desk) -> None:
    await desk.take(speed.granted(), speed.registered(), *enough(), speed.requested())
    assert len(proposals(await desk.take(speed.configured()))) == 1


async def test_a_grant_given_later_starts_it(desk: Desk) -> None:
    await desk.take(speed.configured(), speed.registered(), *enough(), speed.requested())
    assert len(proposals(await desk.take(speed.granted(Maturity.INTERN)))) == 1


async def test_a_source_registered_later_starts_it(desk: Desk) -> None:
    await desk.take(speed.configured(), speed.granted(), *enough(), speed.requested())
    assert (await desk.case()).reason == "waiting for the skill's source"
    assert len(proposals(await desk.take(speed.registered()))) == 1


async def test_evidence_that_comes_later_starts_it(desk: Desk) -> None:
    await desk.ready_to_learn()
    await desk.take(speed.went_well(), speed.requested())
    assert "waiting for a recorded failing call" in (await desk.case()).reason
    assert len(proposals(await desk.take(speed.failed(1), speed.failed(2)))) == 1


async def test_words_without_a_call_are_never_searched(desk: Desk) -> None:
    await desk.ready_to_learn()
    await desk.take(speed.requested(ran=None))
    assert "no call to replay" in (await desk.case()).reason


async def test_the_same_request_again_changes_nothing(desk: Desk) -> None:
    await desk.ready_to_learn()
    await desk.take(*enough())
    request = speed.requested()
    await desk.take(request)
    before = await desk.case()
    assert await desk.take(request) == []
    assert await desk.take(speed.requested()) == []  # another window of the same pattern
    assert await desk.case() == before


async def test_thin_evidence_is_waited_for_and_the_patrol_ends_the_waiting(desk: Desk) -> None:
    await desk.ready_to_learn()
    published = await desk.take(speed.failed(), speed.requested())
    assert proposals(published) == []
    desk.clock.move(PATIENCE - timedelta(seconds=1))
    await desk.patrol.round()
    assert await desk.service.publications() == []
    desk.clock.move(timedelta(seconds=1))
    await desk.patrol.round()
    published = await desk.service.publications()
    assert states(published) == [CaseState.SEARCHING]
    assert len(proposals(published)) == 1
    await desk.patrol.round()
    assert await desk.service.publications() == []


async def test_two_patrols_at_once_start_a_case_once(desk: Desk) -> None:
    await desk.ready_to_learn()
    await desk.take(speed.failed(), speed.requested())
    desk.clock.move(PATIENCE)
    await asyncio.gather(desk.patrol.round(), desk.patrol.round())
    assert len(proposals(await desk.service.publications())) == 1


class _FailsOnTypeErrors:
    name = "fussy"

    def propose(self, request: SearchRequest) -> Sequence[Edit]:
        if any(failure.error_type == "TypeError" for failure in request.failures):
            raise RuntimeError("no idea")
        return ()


async def test_a_case_that_can_not_be_woken_keeps_no_other_asleep(desk: Desk) -> None:
    await desk.ready_to_learn()
    other = speed.skill(SkillName("pace"))
    missing: dict[str, Any] = {"signature": "missing", "outcome": speed.MISSING}
    await desk.take(speed.failed(air_time=None, **missing), speed.requested(**missing))
    desk.clock.move(timedelta(seconds=1))
    await desk.take(speed.failed(ran=other), speed.requested(ran=other))
    desk.clock.move(PATIENCE)
    await Patrol(desk.patrol.ledger, [_FailsOnTypeErrors()], desk.clock).round()
    assert [(await desk.case(each)).state for each in ("missing", "zero")] == [CaseState.OPEN, CaseState.SEARCHING]


async def test_evidence_and_request_at_the_same_moment_still_start_it(desk: Desk) -> None:
    await desk.ready_to_learn()
    await desk.take(speed.went_well())
    for number in range(SEARCHES_AT_ONCE):
        signature = f"at-once-{number}"
        ran = speed.skill(SkillName(f"speed-{number}"))
        calls = [speed.failed(distance, signature=signature, ran=ran) for distance in (1, 2, 3)]
        await asyncio.gather(
            desk.service.deliver(*calls, speed.went_well(ran=ran)),
            desk.service.deliver(speed.requested(signature=signature, ran=ran)),
        )
        assert len(proposals(await desk.service.publications())) == 1


async def test_requests_of_many_tenants_in_any_order_never_wait_for_each_other_in_a_circle(desk: Desk) -> None:
    tenants = [TenantId(f"tenant-{number}") for number in range(20)]
    await asyncio.wait_for(
        asyncio.gather(
            desk.service.deliver(*(speed.requested(tenant=tenant) for tenant in tenants)),
            desk.service.deliver(*(speed.configured(tenant) for tenant in reversed(tenants))),
        ),
        timeout=10,
    )

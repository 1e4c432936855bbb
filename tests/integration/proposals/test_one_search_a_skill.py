"""One search at a time for a tenant's skill, and tenants apart."""

from __future__ import annotations

import pytest

from autodev.events.models.case import CaseState
from autodev.events.models.search import CandidatesProposed, Decision
from autodev.ids import TenantId
from tests.integration.loopback import speed
from tests.integration.proposals.desk import Desk, answer, enough, proposals

pytestmark = pytest.mark.postgres
OTHER = TenantId("globex")


async def _two_cases(desk: Desk) -> CandidatesProposed:
    first = await desk.searching()
    await desk.take(*enough("missing", outcome=speed.MISSING, air_time=None))
    assert proposals(await desk.take(speed.requested(signature="missing", outcome=speed.MISSING))) == []
    assert (await desk.case("missing")).reason == f"case {first.case_id} of the same skill is being searched"
    return first


@pytest.mark.parametrize("decision", [Decision.NOT_REPRODUCED, Decision.APPROVAL_REQUESTED])
async def test_the_second_case_of_a_skill_starts_when_the_first_is_no_longer_searched(
    desk: Desk, decision: Decision
) -> None:
    first = await _two_cases(desk)
    [second] = proposals(await desk.take(answer(first, decision)))
    assert second.case_id == speed.case_of("missing")


async def test_the_second_case_starts_when_the_first_is_exhausted(desk: Desk) -> None:
    latest = await _two_cases(desk)
    while latest.case_id == speed.case_of():
        [latest] = proposals(await desk.take(answer(latest, Decision.CONTINUE)))
    assert (await desk.case()).state is CaseState.EXHAUSTED
    assert latest.case_id == speed.case_of("missing")


async def test_tenants_with_the_same_names_share_nothing(desk: Desk) -> None:
    await desk.searching()
    await desk.take(speed.configured(OTHER), speed.granted(tenant=OTHER))
    await desk.take(speed.requested(tenant=OTHER))
    [tried] = await desk.service.rows("SELECT count(*) FROM proposals.\"case\" WHERE state = 'searching'")
    assert tried == (1,)

    await desk.take(*(speed.failed(distance, tenant=OTHER) for distance in (7, 8)), speed.went_well(9, tenant=OTHER))
    [theirs] = proposals(await desk.take(speed.registered(OTHER)))
    assert theirs.tenant_id == OTHER
    distances = {call.arguments.args[0]["distance"] for call in theirs.evidence}  # type: ignore[call-overload,index]
    assert distances == {7, 8, 9}


async def test_a_name_that_another_tenants_key_begins_with_is_another_tenant(desk: Desk) -> None:
    longer = TenantId(f"{speed.TENANT}.eu")
    await desk.searching()
    await desk.take(*enough(tenant=longer), speed.requested(tenant=longer))
    [(reason,)] = await desk.service.rows(f"SELECT reason FROM proposals.\"case\" WHERE tenant_id = '{longer}'")
    assert b"auto_dev is off" in reason

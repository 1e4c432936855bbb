"""What a workspace learns of operators: every try counts, and a fix counts once it is verified."""

from __future__ import annotations

import pytest

from autodev.ids import TenantId
from autodev.repair.search.experience import ANY, Count, Experience
from services.proposals.store import cases, experience
from tests.integration.loopback import speed
from tests.integration.proposals.desk import Desk, enough, proposals
from tests.integration.proposals.versions import promoted, under

pytestmark = pytest.mark.postgres


async def learnt(desk: Desk, tenant: TenantId = speed.TENANT) -> Experience:
    async with desk.service.engine.connect() as connection:
        return await experience.of(connection, tenant)


async def test_each_candidate_is_a_try_of_its_operator_against_what_failed(desk: Desk) -> None:
    proposed = await desk.searching()
    [operator, *others] = [each.operator for each in proposed.candidates[1:]]
    known = await learnt(desk)
    assert known.of(operator) == Count(1 + others.count(operator), 0)
    assert known.of(operator, "ZeroDivisionError") == known.of(operator)
    assert sum(known.of(each).tried for each in known.operators) == 1 + len(others)


async def test_what_was_promoted_counts_as_right_once_it_is_verified_and_only_once(desk: Desk) -> None:
    proposed = await desk.searching()
    operator = proposed.candidates[1].operator
    version = promoted(proposed)
    await desk.take(speed.counted(6), version)
    assert (await learnt(desk)).of(operator).right == 0
    await desk.take(speed.counted(20, ran=under(version)))
    known = await learnt(desk)
    assert (known.of(operator, ANY).right, known.of(operator, "ZeroDivisionError").right) == (1, 1)
    assert sum(known.of(each).right for each in known.operators) == 1
    await desk.take(speed.counted(100, ran=under(version)))
    assert await learnt(desk) == known


async def test_what_was_rolled_back_is_never_right(desk: Desk) -> None:
    version = promoted(await desk.searching())
    await desk.take(speed.counted(6), version, *[speed.failed(each, ran=under(version)) for each in range(10, 40)])
    known = await learnt(desk)
    assert sum(known.of(each).right for each in known.operators) == 0


async def test_a_round_goes_by_what_was_known_when_it_began(desk: Desk) -> None:
    version = promoted(await desk.searching())
    async with desk.service.engine.connect() as connection:
        assert (await cases.search_of(connection, await desk.case())).experience == {}
    await desk.take(speed.counted(6), version)
    before = await learnt(desk)
    await desk.take(*enough("missing", outcome=speed.MISSING, air_time=None))
    assert proposals(await desk.take(speed.requested(signature="missing", outcome=speed.MISSING)))
    async with desk.service.engine.connect() as connection:
        told = (await cases.search_of(connection, await desk.case("missing"))).experience
    assert {operator: tuple(told[operator][ANY]) for operator in told} == {
        operator: (before.of(operator).tried, before.of(operator).right) for operator in before.operators
    }


async def test_other_workspaces_learn_nothing_of_it(desk: Desk) -> None:
    await desk.searching()
    assert await learnt(desk, TenantId("globex")) == Experience()

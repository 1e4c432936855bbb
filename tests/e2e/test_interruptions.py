"""Services that are killed, or left out for a while: the loop goes on where it was."""

from __future__ import annotations

import asyncio
import random
from functools import partial

import pytest

from autodev.events.catalogue import CANDIDATES_PROPOSED, SUBSCRIPTIONS
from tests.e2e.failing_agent import opted_in, work
from tests.e2e.installation import Installation, eventually
from tests.e2e.outcome import end_states, promotions

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.isolation, pytest.mark.timeout(600)]

EVENTS = 1_000
SEED = 20261122


async def test_kill_9_in_the_middle_of_a_case_changes_no_promotion(installation: Installation) -> None:
    async def promoted(tenant: str) -> list[tuple[str, str, str]]:
        return await eventually(partial(promotions, installation, tenant), f"{tenant} has its promotions")

    await installation.report([*opted_in("calm"), *work("calm", EVENTS)])
    undisturbed = await promoted("calm")

    await installation.report([*opted_in("storm"), *work("storm", EVENTS)])
    await eventually(lambda: installation.data_of(CANDIDATES_PROPOSED, "storm"), "a case is being searched")
    chance = random.Random(SEED)
    victims = ("proposals", "sandbox", "fitness")
    for _ in range(3):
        installation.kill(*victims)
        installation.start(*chance.sample(victims, len(victims)))
        await asyncio.sleep(chance.uniform(1.0, 4.0))
    assert await promoted("storm") == undisturbed

    async def ended_alike() -> bool:
        return await end_states(installation, "storm") == await end_states(installation, "calm")

    # Fitness promotes, proposals tells so afterwards.
    await eventually(ended_alike, "each case of both tenants ends alike")


@pytest.mark.parametrize("service", SUBSCRIPTIONS)
async def test_a_service_that_was_away_goes_on_where_it_was(installation: Installation, service: str) -> None:
    tenant = f"without-{service}"
    assert installation.stop(service) == [0]
    await installation.report([*opted_in(tenant), *work(tenant, 60)])
    await asyncio.sleep(2)
    if service != "console":
        assert not await promotions(installation, tenant)
    installation.start(service)
    await eventually(lambda: promotions(installation, tenant), f"{tenant} is fixed once {service} is back")
    await installation.ready(service)


async def test_all_services_may_start_in_any_order(installation: Installation) -> None:
    names = list(SUBSCRIPTIONS)
    assert set(installation.stop(*names)) == {0}
    await installation.report([*opted_in("shuffled"), *work("shuffled", 60)])
    random.Random(SEED).shuffle(names)
    for name in names:
        installation.start(name)
        await asyncio.sleep(0.5)
    await eventually(lambda: promotions(installation, "shuffled"), "the loop closes after a cold start")

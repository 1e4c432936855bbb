"""Two replicas of every service and five tenants at once: what one replica would do, and in order."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from functools import partial
from itertools import pairwise

import pytest

from autodev.events.catalogue import CASE_CHANGED, FAILURE_BATCHED, LEARNING_REQUESTED, SUBSCRIPTIONS
from autodev.events.models.case import CaseChanged, CaseState
from autodev.events.models.failure import FailureBatched
from deploy.local.postgres.databases import create_database
from tests.e2e.failing_agent import SKILLS, opted_in, work
from tests.e2e.installation import Installation, eventually, running
from tests.e2e.keeping import Keeper
from tests.e2e.outcome import end_states, promotions

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.isolation, pytest.mark.timeout(600)]

TENANTS = ("amber", "birch", "cedar", "delta", "ember")
CALLS = 90


@pytest.fixture(scope="module")
def doubled(
    kafka_bootstrap: str, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    database = create_database(postgres_url, "doubled")
    installed = Installation(kafka_bootstrap, database, "doubled.", tmp_path_factory.mktemp("replicas"))
    with running(installed, *(name for service in SUBSCRIPTIONS for name in (service, f"{service}-2"))):
        yield installed


@pytest.fixture(autouse=True)
async def supervised(doubled: Installation) -> AsyncIterator[None]:
    """A member that loses its partitions in the middle of something may end itself, to be started again."""
    keeping = asyncio.create_task(Keeper(doubled).run())
    yield
    keeping.cancel()


async def fixed(installation: Installation, tenant: str) -> list[tuple[str, str, str]]:
    return await eventually(partial(promotions, installation, tenant), f"{tenant} has its promotions")


async def _ended(installation: Installation, tenant: str) -> bool:
    states = await end_states(installation, tenant)
    return len(states) == len(SKILLS) and set(states.values()) == {CaseState.CANARY}


async def test_five_tenants_on_two_replicas_get_what_one_gets_on_one(
    doubled: Installation, installation: Installation
) -> None:
    await installation.report([*opted_in("alone"), *work("alone", CALLS)])
    alone = await fixed(installation, "alone")

    streams = [[*opted_in(tenant), *work(tenant, CALLS)] for tenant in TENANTS]
    await doubled.report(event for together in zip(*streams, strict=True) for event in together)
    for tenant in TENANTS:
        assert await fixed(doubled, tenant) == alone
        await eventually(partial(_ended, doubled, tenant), f"{tenant}'s cases are in canary")
        batched: list[FailureBatched] = await doubled.data_of(FAILURE_BATCHED, tenant)
        assert sum(data.count for data in batched) == CALLS // 3
        requests = await doubled.data_of(LEARNING_REQUESTED, tenant)
        assert len({data.case_id for data in requests}) == len(SKILLS)


async def test_the_steps_of_a_case_follow_each_other_on_two_replicas(doubled: Installation) -> None:
    await doubled.report([*opted_in("steps"), *work("steps", CALLS)])
    await fixed(doubled, "steps")
    steps: defaultdict[str, list[CaseChanged]] = defaultdict(list)
    for data in await doubled.data_of(CASE_CHANGED, "steps"):  # those of a case are on one partition, in order
        steps[data.case_id].append(data)
    assert len(steps) == len(SKILLS)
    for changes in steps.values():
        assert changes[0].previous is None
        for earlier, later in pairwise(changes):
            assert later.previous == earlier.state
            assert (later.round, later.generation) >= (earlier.round, earlier.generation)
            assert later.changed_at >= earlier.changed_at

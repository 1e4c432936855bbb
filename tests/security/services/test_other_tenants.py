"""Events that name another tenant's cases, candidates and skills change nothing of that tenant."""

from __future__ import annotations

import pytest

from autodev.ids import TenantId
from tests.integration.loopback import speed
from tests.integration.loopback.installed import Installed
from tests.security.services.stories import deliver, rows_of, the_victims_story, told_by

pytestmark = pytest.mark.postgres
MALLORY = TenantId("mallory")


async def test_what_another_tenant_says_of_a_tenants_cases_changes_none_of_its_rows(
    services: dict[str, Installed],
) -> None:
    events = await the_victims_story(services)
    before = await rows_of(services, speed.TENANT)
    assert {table.partition(".")[0] for table, rows in before.items() if rows} == set(services)
    await deliver(services, told_by(MALLORY, events))
    await deliver(services, reversed(told_by(MALLORY, events)))
    assert await rows_of(services, speed.TENANT) == before


async def test_what_another_tenant_says_of_a_tenants_cases_publishes_nothing_in_its_name(
    services: dict[str, Installed],
) -> None:
    events = await the_victims_story(services)
    for service in services.values():
        await service.outbox()
    await deliver(services, told_by(MALLORY, events))
    for service in services.values():
        assert all(b'"tenant_id":"acme"' not in (record.value or b"") for record in await service.outbox())

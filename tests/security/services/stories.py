"""What one tenant's services know, and the same told by another tenant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autodev.events.catalogue import SUBSCRIPTIONS
from autodev.events.envelope import Event
from autodev.events.models.agent import SkillExecutionEvent
from autodev.events.models.base import utc_now
from autodev.events.models.call import Arguments, Call
from autodev.events.models.case import WithdrawalRequested
from autodev.ids import EpisodeId, TenantId, new_event_id
from tests.integration.loopback import speed
from tests.integration.loopback.installed import Installed
from tests.integration.loopback.learning import Learning
from tests.unit.console import story

Services = dict[str, Installed]


async def the_victims_story(services: Services) -> list[Event[Any]]:
    """A tenant's events of every type, from its reports to its promoted skill; all services have handled theirs."""
    learning = Learning({name: services[name] for name in ("ingestion", "analysis", "proposals", "fitness")})
    failing = [speed.failed(distance) for distance in (1, 2, 3)]
    reports = [_reported(number) for number in range(3)]
    known = [speed.configured(), speed.granted(), speed.registered(), *failing, speed.went_well(), speed.requested()]
    await learning.say(*reports, *known)
    seen_by_the_console = story.whole_story()[:18]
    await deliver(services, seen_by_the_console, only="console")
    return [*learning.log, *seen_by_the_console, speed.said(_withdrawal())]


def told_by(tenant: TenantId, events: Iterable[Event[Any]]) -> list[Event[Any]]:
    """The same events under another tenant's name and keys, with the first one's cases, candidates and skills."""
    retold = []
    for event in events:
        if event.data is None or not hasattr(event.data, "tenant_id"):
            continue
        data = event.data.model_copy(update={"tenant_id": tenant})
        retold.append(replace(event, id=new_event_id(), data=data, key=data.record_key()))
    return retold


async def deliver(services: Services, events: Iterable[Event[Any]], only: str | None = None) -> None:
    for event in events:
        for name in [only] if only else services:
            if event.type.topic in SUBSCRIPTIONS[name]:
                await services[name].deliver(event)


async def rows_of(services: Services, tenant: TenantId) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of `tenant` in the services' own tables."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name, service in services.items():
        tables = await service.rows(
            "SELECT table_name FROM information_schema.columns"
            f" WHERE table_schema = '{name}' AND column_name = 'tenant_id' ORDER BY table_name"
        )
        for (table,) in tables:
            query = f"SELECT t::text FROM {name}.{table} t WHERE tenant_id = '{tenant}' ORDER BY 1"
            found[f"{name}.{table}"] = await service.rows(query)
    return found


def _reported(number: int) -> Event[Any]:
    call = Call(entrypoint="speed", arguments=Arguments(args=({"air_time": 0},)), outcome=speed.ZERO)
    report = SkillExecutionEvent(
        execution_id=EpisodeId(f"e{number}"),
        agent_id=speed.AGENT,
        tenant_id=speed.TENANT,
        skill_id="speed",
        occurred_at=utc_now(),
        skill=speed.SKILL,
        call=call,
    )
    return speed.said(report)


def _withdrawal() -> WithdrawalRequested:
    return WithdrawalRequested(tenant_id=speed.TENANT, skill=speed.SPEED, requested_by="mallory")

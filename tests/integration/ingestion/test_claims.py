"""An id over HTTP belongs to the content that came with it first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx2
import orjson
import pytest

from autodev.events.catalogue import MIB
from autodev.events.envelope import new_event
from autodev.events.models.agent import TaskEvent
from autodev.events.record import OutgoingRecord
from autodev.service.database import create_engine
from autodev.service.settings import DatabaseSettings
from services.ingestion.claims import IdTakenError, claims
from services.ingestion.http import ingestion_api
from tests.integration.loopback.installed import Installed

pytestmark = pytest.mark.postgres
ONE = {"episode_id": "e-1", "agent_id": "scout", "tenant_id": "acme", "outcome": "failure"}
ANOTHER = {**ONE, "episode_id": "e-2"}
HEADERS = {
    "ce-specversion": "1.0",
    "ce-id": "0198c0de-0000-7000-8000-000000000001",
    "ce-source": "/agents/acme/scout",
    "ce-type": "dev.autodev.task.failed.v1",
    "content-type": "application/json",
}


class Broker:
    def __init__(self) -> None:
        self.away = False
        self.records: list[OutgoingRecord] = []

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        if self.away:
            raise ConnectionError("no broker")
        self.records.extend(records)


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def agent(ingestion: Installed, broker: Broker) -> httpx2.AsyncClient:
    app = ingestion_api(broker, claims(ingestion.engine))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://ingestion", headers=HEADERS)


async def _status(agent: httpx2.AsyncClient, data: object, **headers: str) -> int:
    return (await agent.post("/v1/events", content=orjson.dumps(data), headers=headers)).status_code


async def test_the_same_event_again_is_accepted(agent: httpx2.AsyncClient) -> None:
    assert [await _status(agent, ONE), await _status(agent, dict(reversed(ONE.items())))] == [202, 202]


async def test_another_content_under_the_same_id_is_a_conflict_that_says_since_when(agent: httpx2.AsyncClient) -> None:
    assert await _status(agent, ONE) == 202
    refused = await agent.post("/v1/events", content=orjson.dumps(ANOTHER))
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert refused.json()["field"] == "ce-id"
    assert "was used before with other content, at 20" in refused.json()["detail"]


async def test_the_same_id_under_another_source_is_another_id(agent: httpx2.AsyncClient) -> None:
    assert await _status(agent, ONE) == 202
    assert await _status(agent, ANOTHER, **{"ce-source": "/agents/acme/other"}) == 202


async def test_another_tenants_id_is_refused_without_a_word_about_the_tenant(agent: httpx2.AsyncClient) -> None:
    assert await _status(agent, ONE) == 202
    refused = await agent.post("/v1/events", content=orjson.dumps({**ONE, "tenant_id": "globex"}))
    assert (refused.status_code, refused.json()["field"]) == (409, "ce-id")
    assert "with other content: another event needs" in refused.json()["detail"]


async def test_of_several_tenants_that_use_an_id_at_once_one_gets_it(agent: httpx2.AsyncClient, broker: Broker) -> None:
    tenants = [f"tenant-{number}" for number in range(8)]
    statuses = await asyncio.gather(*(_status(agent, {**ONE, "tenant_id": tenant}) for tenant in tenants))
    assert sorted(statuses) == [202] + [409] * 7
    assert len(broker.records) == 1


async def test_an_id_whose_event_was_not_stored_is_free_for_other_content(
    agent: httpx2.AsyncClient, broker: Broker
) -> None:
    broker.away = True
    assert await _status(agent, ONE) == 503
    broker.away = False
    assert await _status(agent, ANOTHER) == 202


async def test_an_id_stays_with_a_stored_event_that_could_not_be_stored_again(
    agent: httpx2.AsyncClient, broker: Broker
) -> None:
    assert await _status(agent, ONE) == 202
    broker.away = True
    assert await _status(agent, ONE) == 503
    broker.away = False
    assert await _status(agent, ANOTHER) == 409


async def test_an_id_stays_with_what_another_attempt_stored_while_the_first_one_failed(ingestion: Installed) -> None:
    claim = claims(ingestion.engine)
    report = new_event(TaskEvent.model_validate(ONE), source="/agents/acme/scout")

    async def stored() -> None:
        async with claim(report, b"one"):
            pass

    async def failing_while_another_is_stored() -> None:
        async with claim(report, b"one"):
            await stored()
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await failing_while_another_is_stored()
    with pytest.raises(IdTakenError):
        await claim(report, b"another").__aenter__()


async def test_an_event_that_is_too_large_leaves_its_id_free(agent: httpx2.AsyncClient) -> None:
    assert await _status(agent, {**ONE, "metadata": {"x": "x" * (MIB - 200)}}) == 413
    assert await _status(agent, ONE) == 202


async def test_while_the_database_is_away_events_are_still_accepted() -> None:
    nowhere = DatabaseSettings.model_validate({"url": "postgresql://nobody@127.0.0.1:1/nothing"})
    engine = create_engine(nowhere, "ingestion")
    broker = Broker()
    app = ingestion_api(broker, claims(engine))
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://i", headers=HEADERS
    ) as agent:
        assert await _status(agent, ONE) == 202
    await engine.dispose()
    assert len(broker.records) == 1

"""An id over HTTP belongs to the content that came with it first."""

from __future__ import annotations

from collections.abc import Sequence

import httpx2
import orjson
import pytest

from autodev.events.record import OutgoingRecord
from autodev.service.database import create_engine
from autodev.service.settings import DatabaseSettings
from services.ingestion.claims import claims
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
        self.records: list[OutgoingRecord] = []

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        self.records.extend(records)


@pytest.fixture
def agent(ingestion: Installed) -> httpx2.AsyncClient:
    app = ingestion_api(Broker(), claims(ingestion.engine))
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


async def test_ids_of_other_sources_and_tenants_are_others(agent: httpx2.AsyncClient) -> None:
    assert await _status(agent, ONE) == 202
    assert await _status(agent, ANOTHER, **{"ce-source": "/agents/acme/other"}) == 202
    assert await _status(agent, {**ANOTHER, "tenant_id": "globex"}) == 202


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

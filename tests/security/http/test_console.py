"""What people's clients may send to the console: bounded JSON that means one thing, and problems for all else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.service.database import create_engine
from autodev.service.settings import DatabaseSettings
from services.console.api.application import MAX_BODY, create_api
from tests.integration.loopback.installed import database_of, migrate
from tests.security.events.anything import HOSTILE_TEXTS, any_json

pytestmark = pytest.mark.postgres
BASE = "http://console/v1/tenants/acme"
ROUTES = (("PATCH", "/settings"), ("PUT", "/agents/scout/maturity"), ("POST", "/skills/speed/withdraw"))


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> Iterator[str]:
    """Name of a database with the service's tables, to be copied."""
    with database_of(postgres_url, "template1") as url:
        asyncio.run(migrate(url, "console"))
        yield url.rpartition("/")[2]


@pytest.fixture
async def engine(postgres_url: str, migrated: str) -> AsyncIterator[AsyncEngine]:
    with database_of(postgres_url, migrated) as url:
        engine = create_engine(DatabaseSettings.model_validate({"url": url}), "console")
        yield engine
        await engine.dispose()


@pytest.fixture
async def api(engine: AsyncEngine) -> AsyncIterator[httpx2.AsyncClient]:
    """Whatever goes wrong within the application comes out of its calls."""
    transport = httpx2.ASGITransport(app=create_api(engine, {}))
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


def is_a_problem(response: httpx2.Response, status: int, field: str | None = None) -> bool:
    told = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, told["status"]) == (status, status), told
    assert told["detail"]
    return field is None or bool(told["field"] == field)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"", 422, "body"),
        (b"{", 422, "data"),
        (b"[]", 422, "body"),
        (b"null", 422, "body"),
        (b"\xff\xfe", 422, "data"),
        (b"[" * 60_000, 422, "data"),
        (b"9" * 5_000, 422, "data"),
        (b" " * (MAX_BODY + 1), 413, "body"),
        (b'{"changed_by": "ada", "changed_by": "grace"}', 422, "changed_by"),
        (b'{"changed_by": "\\ud800"}', 422, "changed_by"),
        (b'{"changed_by": "ada", "\\ud800": 1}', 422, r"\ud800"),
        (b'{"changed_by": "ada\\u0000"}', 422, "body.changed_by"),
        (b'{"changed_by": "ada", "enabled": NaN}', 422, "enabled"),
        (b'{"changed_by": "ada", "failure_threshold": 1e400}', 422, "failure_threshold"),
        (b'{"changed_by": "ada", "failure_threshold": true}', 422, "body.failure_threshold"),
        (b'{"changed_by": "ada", "failure_threshold": "3"}', 422, "body.failure_threshold"),
        (b'{"changed_by": "ada", "failure_threshold": 0}', 422, "body.failure_threshold"),
        (b'{"changed_by": "ada", "enabled": []}', 422, "body.enabled"),
        (b'{"changed_by": "ada", "nonsense": 1}', 422, "body.nonsense"),
        (b'{"changed_by": 5}', 422, "body.changed_by"),
        (b"{}", 422, "body.changed_by"),
    ],
)
async def test_a_wrong_body_is_refused_with_its_field(
    api: httpx2.AsyncClient, body: bytes, status: int, field: str | None
) -> None:
    response = await api.patch("/settings", content=body, headers={"content-type": "application/json"})
    assert is_a_problem(response, status, field), response.json()


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"content-type": "text/plain"}, "content-type"),
        ({"content-type": ""}, "content-type"),
        ({"content-type": "application/x-www-form-urlencoded"}, "content-type"),
        ({"content-type": "application/json", "content-encoding": "gzip"}, "content-encoding"),
    ],
)
async def test_a_body_of_another_type_or_encoding_is_refused(
    api: httpx2.AsyncClient, headers: dict[str, str], field: str
) -> None:
    response = await api.patch("/settings", content=b'{"changed_by": "ada"}', headers=headers)
    assert is_a_problem(response, 415, field)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
async def test_hostile_text_in_paths_and_queries_is_refused_or_not_found(api: httpx2.AsyncClient, text: str) -> None:
    quoted = quote(text.encode("utf-8", "surrogatepass"), safe="")
    for path in (f"/cases/{quoted}", f"/cases/{quoted}/report", f"/candidates/{quoted}", f"/skills/{quoted}",
                 f"/cases?state={quoted}", f"/cases?agent={quoted}", f"/cases?limit={quoted}",
                 f"/candidates?case_id={quoted}"):  # fmt: skip
        response = await api.get(path)
        assert response.status_code in (200, 307, 404, 422), (path, response.text)
        assert response.status_code == 307 or "json" in response.headers["content-type"]


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "é"])
async def test_an_idempotency_key_that_is_none_is_refused(api: httpx2.AsyncClient, key: str) -> None:
    headers = [(b"idempotency-key", key.encode())]
    assert is_a_problem(await api.patch("/settings", json={"changed_by": "ada"}, headers=headers), 422)


async def test_when_the_database_is_away_the_sender_is_told_to_come_again() -> None:
    engine = create_engine(DatabaseSettings.model_validate({"url": "postgresql://nobody@127.0.0.1:1/none"}), "console")
    transport = httpx2.ASGITransport(app=create_api(engine, {}))
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
        for response in (await client.get("/cases"), await client.patch("/settings", json={"changed_by": "ada"})):
            assert is_a_problem(response, 503)
            assert response.headers["retry-after"] == "1"


async def test_no_body_does_more_than_be_refused(api: httpx2.AsyncClient) -> None:
    bodies: list[bytes] = []

    @settings(max_examples=60)
    @given(body=st.binary(max_size=60) | any_json().map(lambda value: json.dumps(value).encode()))
    def collect(body: bytes) -> None:
        bodies.append(body)

    collect()
    for body in bodies:
        for method, path in ROUTES:
            answer = await api.request(method, path, content=body, headers={"content-type": "application/json"})
            assert answer.status_code in (202, 422) or is_a_problem(answer, 404)

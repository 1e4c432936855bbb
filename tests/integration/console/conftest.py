"""A console on a real, migrated database, and the HTTP client of its API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.service.database import create_engine
from autodev.service.migrations import history
from autodev.service.settings import DatabaseSettings
from services.console.api.application import create_api


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(DatabaseSettings(url=SecretStr(database_url)), "console")
    await history.upgrade(engine, "console")
    yield engine
    await engine.dispose()


@pytest.fixture
async def api(engine: AsyncEngine) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=create_api(engine, {}))
    async with httpx2.AsyncClient(transport=transport, base_url="http://console/v1/tenants/acme") as client:
        yield client

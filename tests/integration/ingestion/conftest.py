"""Ingestion on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from services.ingestion.handlers import check, handle
from tests.integration.loopback.installed import Installed, database_of, installed, migrate


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> Iterator[str]:
    """Name of a database with the service's tables, to be copied."""
    with database_of(postgres_url, "template1") as url:
        asyncio.run(migrate(url, "ingestion"))
        yield url.rpartition("/")[2]


@pytest.fixture
async def ingestion(postgres_url: str, migrated: str) -> AsyncIterator[Installed]:
    with database_of(postgres_url, migrated) as url:
        async with installed("ingestion", handle, url, check) as service:
            yield service

"""Fitness on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from services.fitness.handlers import handle
from tests.integration.fitness.bench import Bench
from tests.integration.loopback.installed import database_of, installed, migrate


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> Iterator[str]:
    """Name of a database with the service's tables, to be copied."""
    with database_of(postgres_url, "template1") as url:
        asyncio.run(migrate(url, "fitness"))
        yield url.rpartition("/")[2]


@pytest.fixture
async def bench(postgres_url: str, migrated: str) -> AsyncIterator[Bench]:
    with database_of(postgres_url, migrated) as url:
        async with installed("fitness", handle, url) as service:
            yield Bench(service)

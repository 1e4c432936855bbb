"""Proposals and fitness on one database, as `make up` has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from services.fitness.handlers import handle
from services.proposals.engines.memento import MementoEngine
from services.proposals.handlers import Handlers
from tests.integration.loopback.installed import database_of, installed, migrate
from tests.integration.loopback.learning import Learning


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> Iterator[str]:
    """Name of a database with both services' tables, to be copied."""
    with database_of(postgres_url, "template1") as url:
        asyncio.run(migrate(url, "proposals", "fitness"))
        yield url.rpartition("/")[2]


@pytest.fixture
async def learning(postgres_url: str, migrated: str) -> AsyncIterator[Learning]:
    with database_of(postgres_url, migrated) as url:
        async with (
            installed("proposals", Handlers([MementoEngine()]).handle, url) as proposals,
            installed("fitness", handle, url) as fitness,
        ):
            yield Learning({"proposals": proposals, "fitness": fitness})

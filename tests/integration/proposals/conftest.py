"""Proposals on a real database, with a clock that tests move."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from autodev.stream.postgres.ledger import PostgresLedger
from services.proposals.engines.memento import MementoEngine
from services.proposals.handlers import Handlers
from services.proposals.patrol import Patrol
from tests.integration.loopback.clock import Clock
from tests.integration.loopback.installed import database_of, installed, migrate
from tests.integration.proposals.desk import Desk

ENGINES = (MementoEngine(),)


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> Iterator[str]:
    """URL of a database with the service's tables, to be copied."""
    with database_of(postgres_url, "template1") as url:
        asyncio.run(migrate(url, "proposals"))
        yield url


@pytest.fixture
async def desk(postgres_url: str, migrated: str) -> AsyncIterator[Desk]:
    clock = Clock()
    with database_of(postgres_url, migrated.rpartition("/")[2]) as url:
        async with installed("proposals", Handlers(ENGINES, clock).handle, url) as service:
            yield Desk(service, Patrol(PostgresLedger(service.engine, service.name), ENGINES, clock), clock)

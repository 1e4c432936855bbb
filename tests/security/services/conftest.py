"""The services that keep tables, each on a database of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from services.analysis.domain.windows import Windowing
from services.analysis.handlers import PartitionFold
from services.analysis.handlers import check as check_failure
from services.console.handlers import project
from services.fitness.handlers import handle as decide
from services.ingestion.handlers import check as check_report
from services.ingestion.handlers import handle as record
from services.proposals.engines.memento import MementoEngine
from services.proposals.handlers import Handlers
from services.proposals.handlers import check as check_source
from tests.integration.loopback.installed import Installed, database_of, installed, migrate

SERVICES = ("ingestion", "analysis", "proposals", "fitness", "console")


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> Iterator[str]:
    """Name of a database with all services' tables, to be copied."""
    with database_of(postgres_url, "template1") as url:
        asyncio.run(migrate(url, *SERVICES))
        yield url.rpartition("/")[2]


@pytest.fixture
async def services(postgres_url: str, migrated: str) -> AsyncIterator[dict[str, Installed]]:
    with database_of(postgres_url, migrated) as url:
        async with AsyncExitStack() as stack:
            proposals = Handlers([MementoEngine()]).handle
            yield {
                service.name: service
                for service in [
                    await stack.enter_async_context(installed("ingestion", record, url, check_report)),
                    await stack.enter_async_context(
                        installed("analysis", PartitionFold(0, Windowing()), url, check_failure)
                    ),
                    await stack.enter_async_context(installed("proposals", proposals, url, check_source)),
                    await stack.enter_async_context(installed("fitness", decide, url)),
                    await stack.enter_async_context(installed("console", project, url)),
                ]
            }

"""Every service's schema, from nothing to what its code needs."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.events.catalogue import SUBSCRIPTIONS
from autodev.service.database import create_engine
from autodev.service.migrations import history, revision
from autodev.service.settings import DatabaseSettings

pytestmark = pytest.mark.postgres
SERVICES = tuple(SUBSCRIPTIONS)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(DatabaseSettings(url=SecretStr(database_url)), "migrations")
    yield engine
    await engine.dispose()


@pytest.mark.parametrize("service", SERVICES)
async def test_an_upgrade_makes_exactly_the_tables_that_the_code_names(engine: AsyncEngine, service: str) -> None:
    assert await revision.current(engine, service) is None
    newest = await history.upgrade(engine, service)
    assert await revision.current(engine, service) == newest == revision.newest(service)
    await history.check(engine, service)


async def test_services_share_a_database_without_seeing_each_other(engine: AsyncEngine) -> None:
    for service in SERVICES:
        await history.upgrade(engine, service)
    for service in SERVICES:
        await history.check(engine, service)


async def test_upgrading_again_changes_nothing(engine: AsyncEngine) -> None:
    first = await history.upgrade(engine, "ingestion")
    assert await history.upgrade(engine, "ingestion") == first
    await history.check(engine, "ingestion")


async def test_processes_that_upgrade_at_the_same_moment_wait_for_each_other(
    engine: AsyncEngine, database_url: str
) -> None:
    environment = {**os.environ, "AUTODEV_DATABASE__URL": database_url}
    command = (sys.executable, "-m", "autodev", "db", "upgrade", "ingestion")
    processes = [
        await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=STDOUT) for _ in range(3)
    ]
    told = [(await process.communicate())[0].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], told
    await history.check(engine, "ingestion")

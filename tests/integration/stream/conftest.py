"""Quiet logs for tests whose subject is failure, and a ledger on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from tests.contract.stream.ledgers import OnPostgres, on_postgres


@pytest.fixture(autouse=True)
def _quiet_logs() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.fixture
async def tested(database_url: str) -> AsyncIterator[OnPostgres]:
    async with on_postgres(database_url) as tested:
        yield tested

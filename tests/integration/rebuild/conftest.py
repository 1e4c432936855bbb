"""A workplace of each test's own, with quiet logs: the subject is what goes missing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from tests.integration.rebuild.workplace import Workplace, opened


@pytest.fixture
async def workplace(kafka_bootstrap: str, database_url: str) -> AsyncIterator[Workplace]:
    async with opened(kafka_bootstrap, database_url) as workplace:
        yield workplace


@pytest.fixture(autouse=True)
def _quiet_logs() -> Iterator[None]:
    with capture_logs():
        yield

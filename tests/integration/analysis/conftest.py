"""The real service on a database and topics of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.integration.analysis.installation import Installation, installed
from tests.integration.analysis.worker import Workers


@pytest.fixture
async def installation(kafka_bootstrap: str, database_url: str) -> AsyncIterator[Installation]:
    async with installed(kafka_bootstrap, database_url) as made:
        yield made


@pytest.fixture
async def workers(installation: Installation) -> AsyncIterator[Workers]:
    made = Workers(installation)
    yield made
    await made.kill_all()

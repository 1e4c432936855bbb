"""The runtime in both its forms; tests that use it run twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from tests.contract.stream.runtime import Runtime, in_memory, on_servers


@pytest.fixture(autouse=True)
def _quiet_logs() -> Iterator[None]:
    """Failures are the subject here, and drawing each traceback for a terminal takes a second."""
    with capture_logs():
        yield


@pytest.fixture(
    params=["memory", pytest.param("servers", marks=[pytest.mark.kafka, pytest.mark.postgres])],
)
async def runtime(request: pytest.FixtureRequest) -> AsyncIterator[Runtime]:
    if request.param == "memory":
        async with in_memory() as runtime:
            yield runtime
        return
    servers = request.getfixturevalue("kafka_bootstrap"), request.getfixturevalue("database_url")
    async with on_servers(*servers) as runtime:
        yield runtime

"""Every service as a process of its own, on topics and a database that no other test uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autodev.events.catalogue import SUBSCRIPTIONS
from deploy.local.postgres.databases import create_database
from tests.e2e.installation import Installation, running


@pytest.fixture(scope="module")
def installation(
    kafka_bootstrap: str, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    logs: Path = tmp_path_factory.mktemp("services")
    installed = Installation(kafka_bootstrap, create_database(postgres_url, "hostile"), "hostile.", logs)
    with running(installed, *SUBSCRIPTIONS):
        yield installed

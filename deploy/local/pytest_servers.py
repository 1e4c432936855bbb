"""Fixtures that give tests the real servers. Nothing starts unless a test asks for it.

Enabled for the whole suite by `-p deploy.local.pytest_servers`. A broker or a server of your own is used instead if
AUTODEV_TEST_KAFKA (host:port) or AUTODEV_TEST_POSTGRES (URL of a superuser's database) names one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.postgres.databases import create_database, drop_database


@pytest.fixture(scope="session")
def server_directory() -> Iterator[Path]:
    """Where the session's servers keep their data; every account may enter it, which pytest's own does not allow."""
    directory = Path(tempfile.mkdtemp(prefix="autodev-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def kafka_bootstrap(request: pytest.FixtureRequest) -> Iterator[str]:
    """`host:port` of a broker shared by the session: a test uses topic and group names of its own."""
    if own := os.environ.get("AUTODEV_TEST_KAFKA"):
        yield own
        return
    from deploy.local.broker import start_kafka

    kafka = start_kafka(request.getfixturevalue("server_directory") / "kafka")
    yield kafka.bootstrap
    kafka.stop()


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of the maintenance database of a server shared by the session, as a superuser."""
    if own := os.environ.get("AUTODEV_TEST_POSTGRES"):
        yield own
        return
    from deploy.local.database import start_postgres

    postgres = start_postgres(request.getfixturevalue("server_directory") / "postgres")
    yield postgres.url
    postgres.stop()


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """URL of an empty database of this test's own, dropped afterwards even if connections are left open."""
    name = f"test_{uuid4().hex}"
    yield create_database(postgres_url, name)
    drop_database(postgres_url, name)

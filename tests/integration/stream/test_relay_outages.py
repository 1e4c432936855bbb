"""The relay while a server is killed under it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.broker import Kafka
from deploy.local.database import Postgres, start_postgres
from tests.contract.stream.runtime import running
from tests.contract.stream.waiting import eventually
from tests.integration.stream.office import first_appearances, letter, opened

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@pytest.fixture
def postgres(server_directory: Path) -> Iterator[Postgres]:
    """A server of the test's own, to be killed."""
    postgres = start_postgres(server_directory / "relay")
    yield postgres
    postgres.stop()


async def test_a_killed_broker_delays_records_and_neither_loses_nor_reorders_them(
    kafka: Kafka, database_url: str
) -> None:
    async with opened(kafka.bootstrap, database_url) as office:
        relay = office.relay()
        async with running(relay.run()):
            await office.post(*map(letter, range(300)))
            await office.delivered(1)
            kafka.kill()
            for number in range(300, 400):
                await office.post(letter(number))
            await eventually(lambda: relay.trouble is not None)
            kafka.restart()
            await office.all_marked()
            assert first_appearances(await office.delivered(400)) == list(range(400))
            assert relay.trouble is None


async def test_a_killed_database_delays_records_and_neither_loses_nor_reorders_them(
    kafka_bootstrap: str, postgres: Postgres
) -> None:
    async with opened(kafka_bootstrap, postgres.url) as office:
        relay = office.relay()
        async with running(relay.run()):
            await office.post(*map(letter, range(300)))
            await office.all_marked()
            postgres.kill()
            await eventually(lambda: relay.trouble is not None)
            postgres.restart()
            await office.post(*map(letter, range(300, 400)))
            await office.all_marked()
            assert first_appearances(await office.delivered(400)) == list(range(400))
            assert relay.trouble is None

"""Too many dead letters, seen on a service as its operator runs it: loud, not restarting, and mended by a setting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from autodev.events.catalogue import EPISODE_RECORDED, TASK_REPORTED, dead_letter_topic
from autodev.events.record import OutgoingRecord
from autodev.stream.kafka.log import read
from autodev.stream.kafka.publisher import KafkaPublisher
from tests.contract.stream.reports import report
from tests.e2e.installation import Installation, eventually

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

SERVICE = "ingestion"
GARBAGE = [OutgoingRecord(TASK_REPORTED.name, b"acme/scout", b"no event", partition=0) for _ in range(12)]


@pytest.fixture
def installation(kafka_bootstrap: str, database_url: str, tmp_path: Path) -> Iterator[Installation]:
    installed = Installation(kafka_bootstrap, database_url, f"{uuid4().hex}.", tmp_path)
    try:
        yield installed
    finally:
        installed.end()


async def letters(installation: Installation) -> int:
    topics = [dead_letter_topic(SERVICE).name]
    return len([record async for record in read(installation.connection, topics, from_start=True, until_end=True)])


async def probe(installation: Installation, path: str) -> httpx2.Response:
    async with httpx2.AsyncClient() as client:
        return await client.get(f"{installation.url(SERVICE)}/{path}", timeout=10)


async def test_a_service_says_what_stopped_it_and_goes_on_with_a_raised_limit(installation: Installation) -> None:
    await installation.prepare()
    publisher = KafkaPublisher(installation.connection)
    await publisher.publish(GARBAGE)
    await publisher.stop()
    installation.start(SERVICE, AUTODEV_DEAD_LETTERS__CONSECUTIVE="5")

    async def is_stopped() -> bool:
        try:
            return "stopped at" in (await probe(installation, "readyz")).text
        except httpx2.HTTPError:
            return False

    await eventually(is_stopped, "the partition is stopped")
    answer = await probe(installation, "readyz")
    said = answer.json()["checks"]["consumer"]
    assert answer.status_code == 503
    assert f"{TASK_REPORTED.name}[0]@5" in said
    assert "more than 5 records in a row (AUTODEV_DEAD_LETTERS__CONSECUTIVE)" in said
    assert "autodev_consumer_stopped" in (await probe(installation, "metrics")).text
    assert (await probe(installation, "livez")).status_code == 200
    log = (installation.logs / f"{SERVICE}.log").read_text().splitlines()
    assert [json.loads(line)["level"] for line in log if '"partition_stopped"' in line] == ["error"]
    assert await letters(installation) == 5

    assert installation.stop(SERVICE) == [0]
    installation.start(SERVICE, AUTODEV_DEAD_LETTERS__CONSECUTIVE="0")
    await installation.ready(SERVICE)
    event = report("after the garbage")
    assert event.data is not None
    await installation.report([event.data])
    await eventually(lambda: _has(installation, 1), "the episode is recorded")
    assert await letters(installation) == len(GARBAGE)


async def _has(installation: Installation, episodes: int) -> bool:
    return len(await installation.events(EPISODE_RECORDED)) == episodes

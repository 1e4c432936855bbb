"""The console as its own process: topics in, decisions out."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.events.binary import to_record
from autodev.events.catalogue import APPROVAL_DECIDED, TOPICS
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import read
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.kafka.topics import apply_topics
from deploy.local.processes.ports import free_ports
from tests.unit.console import story

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@pytest.fixture
async def broker(kafka_bootstrap: str) -> KafkaConnection:
    connection = KafkaConnection(kafka_bootstrap, "test", prefix=f"console-{uuid4().hex[:8]}.")
    await apply_topics(connection, TOPICS)
    return connection


@pytest.fixture
async def console(
    broker: KafkaConnection, engine: AsyncEngine, database_url: str, tmp_path: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a running console; `engine` has migrated its database."""
    port = free_ports(1)[0]
    environment = {
        **os.environ,
        "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": broker.bootstrap_servers,
        "AUTODEV_KAFKA__TOPIC_PREFIX": broker.prefix,
        "AUTODEV_DATABASE__URL": database_url,
        "AUTODEV_HTTP__PORT": str(port),
    }
    with (tmp_path / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "autodev", "run", "console", env=environment, cwd=tmp_path, stderr=log
        )
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}/v1/tenants/{story.TENANT}") as client:
        yield client
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(20):
        assert await process.wait() == 0, (tmp_path / "log").read_text()


async def _until(console: httpx2.AsyncClient, path: str, holds: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(60):
        while True:
            try:
                answer = (await console.get(path)).json()
            except httpx2.TransportError:
                answer = None
            if answer and holds(answer):
                return answer
            await asyncio.sleep(0.2)


async def test_events_become_documents_and_a_decision_becomes_an_event(
    broker: KafkaConnection, console: httpx2.AsyncClient
) -> None:
    publisher = KafkaPublisher(broker)
    await publisher.publish([to_record(event) for event in story.whole_story()[:15]])
    await publisher.stop()

    await _until(console, f"/candidates/{story.GOOD}", lambda candidate: candidate.get("awaits_approval"))
    approval = await console.post(f"/candidates/{story.GOOD}/approve", json={"reviewer": "grace"})

    async with (
        asyncio.timeout(30),
        aclosing(read(broker, [APPROVAL_DECIDED.name], from_start=True, until_end=False)) as records,
    ):
        record = await anext(records)
    assert json.loads(record.value or b"")["reviewer"] == "grace"
    assert dict(record.headers)["ce_id"] == approval.json()["event_id"].encode()

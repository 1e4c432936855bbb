"""A letter that is sent back takes effect once, whoever dies on the way."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from autodev.events.catalogue import DEAD_LETTER_HANDLED, TASK_REPORTED, dead_letter_topic
from autodev.stream.kafka.connection import KafkaConnection
from tests.contract.stream.brokers import OnKafka
from tests.contract.stream.handlers import Noting
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime, on_servers
from tests.integration.cli import dying_redrive
from tests.integration.cli.post import autodev

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

GROUP = "ingestion"
LETTERS = dead_letter_topic(GROUP)
TOPICS = (TASK_REPORTED, LETTERS, DEAD_LETTER_HANDLED, dead_letter_topic("second"))
LETTER = f"{GROUP}/0/0"


def connection_of(runtime: Runtime) -> KafkaConnection:
    assert isinstance(runtime.broker, OnKafka)
    return runtime.broker.connection


def die_redriving(connection: KafkaConnection) -> None:
    program = [sys.executable, "-m", dying_redrive.__name__, connection.bootstrap_servers, connection.prefix, LETTER]
    died = subprocess.run(program, check=False, cwd=Path(__file__).parents[3])
    assert died.returncode == -signal.SIGKILL


def redrive(connection: KafkaConnection) -> str:
    environment = {
        "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": connection.bootstrap_servers,
        "AUTODEV_KAFKA__TOPIC_PREFIX": connection.prefix,
    }
    return str(autodev("dlq", "redrive", LETTER, environment=environment).stdout)


async def test_a_death_between_the_record_and_its_audit_sends_it_twice_to_one_effect(
    kafka_bootstrap: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with on_servers(kafka_bootstrap, database_url, TOPICS) as runtime:
        connection = connection_of(runtime)
        failing = Noting(runtime.tested, failures={"task": ValueError("not yet")})
        well = Noting(runtime.tested)
        await runtime.join(failing, group=GROUP)
        await runtime.join(well, group="second")
        await runtime.send(report("task"))
        await runtime.arrived(LETTERS, 1)
        await runtime.noted(1)
        failing.failures.clear()

        await asyncio.to_thread(die_redriving, connection)
        assert await runtime.broker.written(DEAD_LETTER_HANDLED.name) == []
        assert "1 redriven" in await asyncio.to_thread(redrive, connection)
        assert "1 already handled" in await asyncio.to_thread(redrive, connection)

        reported = await runtime.arrived(TASK_REPORTED, 3)
        assert len({dict(record.headers)["ce_id"] for record in reported}) == 1
        await runtime.send(report("afterwards"))
        assert Counter(await runtime.noted(4)) == {"task": 2, "afterwards": 2}  # once for each of the two groups
        assert len(await runtime.broker.written(TASK_REPORTED.name)) == 4
        assert len(await runtime.broker.written(LETTERS.name)) == 1

"""One round: the same events through the bare relay, through ingestion, and through the relay again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import asyncpg

from autodev.events.catalogue import EPISODE_RECORDED, SKILL_EXECUTED, Topic
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.topics import apply_topics
from benchmarks.ingest.workload import reports
from benchmarks.servers import Servers
from benchmarks.statistics import steady_rate
from benchmarks.topics import fill, log_end, progress
from tests.e2e.installation import Installation


@dataclass(frozen=True)
class Round:
    """Events a second."""

    before: float
    """Of the relay."""
    ingestion: float
    after: float
    """Of the relay."""

    @property
    def relay(self) -> float:
        return (self.before + self.after) / 2

    @property
    def ratio(self) -> float:
        return self.ingestion / self.relay


async def one_round(servers: Servers, name: str, count: int, replicas: int) -> Round:
    """`count` events, waiting in their topic before anyone reads them; ingestion in as many processes as `replicas`."""
    installed = await servers.install(name)
    connection = KafkaConnection(installed.bootstrap, "bench", installed.prefix)
    await fill(connection, reports(count))
    before = await _relayed(connection, "relayed.before", count)
    ingestion = await _ingested(installed, connection, count, replicas)
    after = await _relayed(connection, "relayed.after", count)
    return Round(before, ingestion, after)


async def _relayed(connection: KafkaConnection, target: str, count: int) -> float:
    await apply_topics(connection, [Topic(target, key="as read")])
    async with log_end(connection, target) as end:
        before = await end.records()
        with _running(
            connection.bootstrap_servers, connection.physical(SKILL_EXECUTED.name), connection.physical(target)
        ):
            return steady_rate(await progress(end.records, count, before))


async def _ingested(installed: Installation, connection: KafkaConnection, count: int, replicas: int) -> float:
    """Ingestion's rate, from the topic to the topic, once it is seen that all of it is stored."""
    async with log_end(connection, EPISODE_RECORDED.name) as end:
        before = await end.records()
        installed.start("ingestion", *(f"ingestion-{number}" for number in range(2, replicas + 1)))
        try:
            rate = steady_rate(await progress(end.records, count, before))
            database = await asyncpg.connect(installed.database_url)
            stored = await database.fetchval("SELECT count(*) FROM ingestion.episode")
            await database.close()
        finally:
            installed.end()
    if stored != count:
        raise RuntimeError(f"{count} events were reported, but {stored} are stored: see {installed.logs}/ingestion.log")
    return rate


@contextmanager
def _running(*arguments: str) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.ingest.relay", *arguments]
    process = subprocess.Popen(command)  # noqa: S603 - the arguments are our own
    try:
        yield
    finally:
        process.kill()
        process.wait()

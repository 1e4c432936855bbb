"""The same failures through ingestion and analysis, as combined records through analysis, and through Faust alone."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import perf_counter
from typing import Final

import asyncpg

from autodev.events.catalogue import FAILURE_BATCHED, SKILL_EXECUTED
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.postgres.published import waiting
from benchmarks.ingest.workload import reports
from benchmarks.measurement import Measurement, Unit
from benchmarks.servers import Servers
from benchmarks.statistics import steady_rate
from benchmarks.topics import fill, log_end, progress
from deploy.local.postgres.databases import create_database
from tests.e2e.installation import Installation

FAILURES: Final = 60_000
SHORT_FAILURES: Final = 20_000


async def analysis(servers: Servers, *, short: bool) -> list[Measurement]:
    failures = SHORT_FAILURES if short else FAILURES
    installed = await servers.install("analysis")
    connection = KafkaConnection(installed.bootstrap, "bench", installed.prefix)
    await fill(connection, reports(failures, failing=1))
    combined = await _rate(installed, ("ingestion", "analysis"), failures)
    async with log_end(connection, FAILURE_BATCHED.name) as end:
        records = await end.records()
    # The same topics once more, from the beginning: where reading starts is in the database.
    again = replace(installed, database_url=create_database(servers.postgres_url, "analysis_again"), processes={})
    await again.prepare()
    alone = await _rate(again, ("analysis",), records) * failures / records
    bare = await _bare(connection, failures)
    return [
        Measurement(name="failures, through combiner and Faust", value=combined, unit=Unit.PER_SECOND),
        Measurement(name="Faust alone, a record a failure", value=bare, unit=Unit.PER_SECOND),
        Measurement(name="ratio to Faust alone", value=combined / bare, unit=Unit.RATIO),
        Measurement(name="failures, through analysis alone", value=alone, unit=Unit.PER_SECOND),
        Measurement(name="failures in a combined record", value=failures / records, unit=Unit.COUNT),
    ]


async def _rate(installed: Installation, services: tuple[str, ...], count: int) -> float:
    """Records of the first service's topic a second, until the last service has nothing left to read."""
    database = await asyncpg.connect(installed.database_url)
    handled = _position(database, services[0])
    before = await handled()
    installed.start(*services)
    try:
        samples = await progress(handled, count, before)
        if len(services) > 1:
            await _caught_up(installed, database)
            samples[-1] = perf_counter(), count
        return steady_rate(samples)
    finally:
        installed.stop(*services)  # in order: a group whose member has vanished is not to be had for a while
        await database.close()


def _position(database: asyncpg.Connection, service: str) -> Callable[[], Awaitable[int]]:
    async def handled() -> int:
        query = f"SELECT coalesce(sum(next_offset), 0)::bigint FROM {service}.position"  # noqa: S608 - a service's name
        return int(await database.fetchval(query))

    return handled


async def _caught_up(installed: Installation, database: asyncpg.Connection) -> None:
    """Return when ingestion has published everything and analysis has handled all of it."""
    connection = KafkaConnection(installed.bootstrap, "bench", installed.prefix)
    handled = _position(database, "analysis")
    async with log_end(connection, FAILURE_BATCHED.name) as end:
        # Neither database nor broker sets an event.
        while await database.fetchval(  # noqa: ASYNC110
            f"SELECT EXISTS (SELECT FROM {waiting('ingestion', 1)})"  # noqa: S608 - a constant
        ) or (await handled() < await end.records()):
            await asyncio.sleep(0.05)


async def _bare(connection: KafkaConnection, count: int) -> float:
    command = (sys.executable, "-m", "benchmarks.analysis.bare", connection.bootstrap_servers)
    process = await asyncio.create_subprocess_exec(*command, connection.physical(SKILL_EXECUTED.name), stdout=PIPE)
    assert process.stdout is not None
    samples: list[tuple[float, int]] = []
    try:
        while not samples or samples[-1][1] < count:
            samples.append((perf_counter(), int(await process.stdout.readline())))
    finally:
        process.kill()
        await process.wait()
    return steady_rate(samples)

"""Every service's memory at rest, then sampled over minutes of steady load."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg

from autodev.events.catalogue import SUBSCRIPTIONS
from benchmarks.measurement import Measurement, Unit
from benchmarks.memory.load import load
from benchmarks.memory.processes import Memory, memory_of
from benchmarks.servers import Servers
from benchmarks.statistics import growth, percentile
from tests.e2e.installation import Installation

WARM_SECONDS: Final = 60.0
"""Load before anything counts: pools fill up, modules are imported, the first cases run."""
LOAD_SECONDS: Final = 600.0
SHORT_SECONDS: Final = 60.0
SAMPLE_SECONDS: Final = 2.0
GROWTH: Final = 5.0
"""Percent that a service may take more in the last tenth of the load than in the first."""

Samples = Mapping[str, Sequence[Memory]]


async def memory(servers: Servers, *, short: bool) -> list[Measurement]:
    installed = await servers.install("memory")
    try:
        installed.start(*SUBSCRIPTIONS)
        await installed.ready(*SUBSCRIPTIONS)
        await asyncio.sleep(SAMPLE_SECONDS)
        rest = {name: _memory(installed, name) for name in SUBSCRIPTIONS}
        loading = asyncio.create_task(load(installed))
        try:
            await asyncio.sleep(WARM_SECONDS)
            before = await _table_bytes(installed)
            samples = await _sampled(installed, SHORT_SECONDS if short else LOAD_SECONDS)
            after = await _table_bytes(installed)
        finally:
            loading.cancel()
            await asyncio.gather(loading, return_exceptions=True)
        return [*_of_services(rest, samples, promised=not short), *_of_tables(before, after)]
    finally:
        installed.end()


def _of_services(rest: Mapping[str, Memory], samples: Samples, *, promised: bool) -> list[Measurement]:
    found = []
    for name, taken in samples.items():
        tenth = max(1, len(taken) // 10)
        pss = [each.pss for each in taken]
        grown = 100 * growth(pss[:tenth], pss[-tenth:])
        limit = GROWTH if promised else None
        figures = {
            "at rest, RSS": rest[name].rss,
            "at rest, PSS": rest[name].pss,
            "under load, RSS": percentile([each.rss for each in taken], 0.5),
            "under load, PSS": percentile(pss, 0.5),
        }
        found += [
            Measurement(name=f"{name} {what}", value=value, unit=Unit.MEBIBYTES) for what, value in figures.items()
        ]
        found.append(Measurement(name=f"{name} growth", value=grown, unit=Unit.PERCENT, at_most=limit))
    return found


def _of_tables(before: Mapping[str, int], after: Mapping[str, int]) -> list[Measurement]:
    return [
        Measurement(
            name=f"tables of {schema} growth", value=(size - before.get(schema, 0)) / 2**20, unit=Unit.MEBIBYTES
        )
        for schema, size in after.items()
    ]


async def _sampled(installed: Installation, seconds: float) -> Samples:
    samples: dict[str, list[Memory]] = {name: [] for name in SUBSCRIPTIONS}
    for _ in range(int(seconds / SAMPLE_SECONDS)):
        for name, taken in samples.items():
            taken.append(_memory(installed, name))
        await asyncio.sleep(SAMPLE_SECONDS)
    return samples


def _memory(installed: Installation, service: str) -> Memory:
    return memory_of(installed.processes[service].pid)


async def _table_bytes(installed: Installation) -> Mapping[str, int]:
    """Bytes on disk of all tables of each service, indexes included."""
    database = await asyncpg.connect(installed.database_url)
    try:
        rows = await database.fetch(
            "SELECT schemaname AS schema, sum(pg_total_relation_size(relid))::bigint AS bytes FROM pg_stat_user_tables"
            " GROUP BY schemaname ORDER BY schemaname"
        )
    finally:
        await database.close()
    return {row["schema"]: row["bytes"] for row in rows if row["schema"] in SUBSCRIPTIONS}

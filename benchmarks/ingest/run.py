"""Rounds of ingestion between rounds of the relay, then the stages one by one."""

from __future__ import annotations

from typing import Final

from benchmarks.ingest.stages import stage_seconds
from benchmarks.ingest.throughput import one_round
from benchmarks.measurement import Measurement, Unit
from benchmarks.servers import Servers
from benchmarks.statistics import percentile

ROUNDS: Final = 3
EVENTS: Final = 200_000
SHORT_EVENTS: Final = 40_000
STAGED_EVENTS: Final = 20_000
RATIO: Final = 0.35
"""Of ingestion with a process for each of two cores, to the relay's one process on the same machine."""


async def ingest(servers: Servers, *, short: bool) -> list[Measurement]:
    rates = [each for replicas in (1, 2) for each in await _rates(servers, replicas, short=short)]
    stages = await stage_seconds(servers, "stages", STAGED_EVENTS)
    return [
        *rates,
        *(
            Measurement(name=f"per event: {stage}", value=seconds * 1e6, unit=Unit.MICROSECONDS)
            for stage, seconds in stages.items()
        ),
        Measurement(name="per event: all stages", value=sum(stages.values()) * 1e6, unit=Unit.MICROSECONDS),
    ]


async def _rates(servers: Servers, replicas: int, *, short: bool) -> list[Measurement]:
    rounds = [
        await one_round(servers, f"ingest{replicas}-{number}", SHORT_EVENTS if short else EVENTS, replicas)
        for number in range(1 if short else ROUNDS)
    ]
    how = "one process" if replicas == 1 else f"{replicas} processes"
    return [
        Measurement(
            name=f"{how}: durable events",
            value=percentile([each.ingestion for each in rounds], 0.5),
            unit=Unit.PER_SECOND,
        ),
        Measurement(
            name=f"{how}: bare relay beside it",
            value=percentile([each.relay for each in rounds], 0.5),
            unit=Unit.PER_SECOND,
        ),
        Measurement(
            name=f"{how}: ratio to the relay",
            value=percentile([each.ratio for each in rounds], 0.5),
            unit=Unit.RATIO,
            at_least=RATIO if replicas > 1 else None,
        ),
    ]

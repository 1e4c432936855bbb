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


async def ingest(servers: Servers, *, short: bool) -> list[Measurement]:
    rounds = [
        await one_round(servers, f"ingest{number}", SHORT_EVENTS if short else EVENTS)
        for number in range(1 if short else ROUNDS)
    ]
    stages = await stage_seconds(servers, "stages", STAGED_EVENTS)
    return [
        Measurement(
            name="durable events", value=percentile([each.ingestion for each in rounds], 0.5), unit=Unit.PER_SECOND
        ),
        Measurement(name="bare relay", value=percentile([each.relay for each in rounds], 0.5), unit=Unit.PER_SECOND),
        Measurement(
            name="ratio to the relay",
            value=percentile([each.ratio for each in rounds], 0.5),
            unit=Unit.RATIO,
            at_least=RATIO,
        ),
        *(
            Measurement(name=f"per event: {stage}", value=seconds * 1e6, unit=Unit.MICROSECONDS)
            for stage, seconds in stages.items()
        ),
        Measurement(name="per event: all stages", value=sum(stages.values()) * 1e6, unit=Unit.MICROSECONDS),
    ]

"""An installation at work, with what disturbs it at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aiokafka.errors import KafkaError

from autodev.events.record import OutgoingRecord
from autodev.stream.kafka.publisher import KafkaPublisher
from tests.chaos.servers import Servers
from tests.e2e.installation import Installation
from tests.e2e.keeping import Keeper

AT_ONCE = 700
SLICE = 60
SLICE_SECONDS = 0.5
RETRY_SECONDS = 0.5


class Part(StrEnum):
    """Of the workload."""

    FIRST_HALF = "first half"
    SECOND_HALF = "second half"
    AFTERMATH = "aftermath"


@dataclass(frozen=True)
class Running:
    servers: Servers
    installation: Installation
    keeper: Keeper
    part: Part = Part.FIRST_HALF

    async def feed(self, records: Sequence[OutgoingRecord], at_once: int = AT_ONCE, then: int = SLICE) -> None:
        """Publish as agents do: many at once, then more and more, and what the broker did not take once more."""
        publisher = KafkaPublisher(self.installation.connection)
        try:
            starts = [0, *range(at_once, len(records), then)]
            for start, end in zip(starts, [*starts[1:], len(records)], strict=True):
                await _publish(publisher, records[start:end])
                await asyncio.sleep(SLICE_SECONDS)
        finally:
            await publisher.stop()


async def _publish(publisher: KafkaPublisher, records: Sequence[OutgoingRecord]) -> None:
    while True:
        try:
            await publisher.publish(records)
        except (OSError, KafkaError):
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return

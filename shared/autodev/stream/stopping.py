"""A partition that too many dead letters have stopped: said loudly, until somebody restarts the service."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, NoReturn

import structlog

from autodev.stream.ports import Partition
from autodev.telemetry.metrics import PARTITION_STOPPED

log = structlog.get_logger(__name__)

AGAIN_SECONDS: Final = 30.0
REASONS: Final = 3
MAX_REASON: Final = 200


class DeadLetterLimitError(RuntimeError):
    """Giving up the record at `offset` would exceed a limit, so nothing from there on was done.

    A retry does not help, and must not be tried: another version of the service or another limit does.
    """

    def __init__(self, group: str, partition: Partition, offset: int, limit: str, reasons: Sequence[str]) -> None:
        last = list(dict.fromkeys(reasons))[-REASONS:]
        super().__init__(
            f"stopped at {partition}@{offset}: group {group!r} would give up {limit}. The records stay in the topic."
            f" Last reasons: {' | '.join(reason[:MAX_REASON] for reason in last)}. Mend what writes or what reads them,"
            " or raise the limit (0 is none), then restart the service: it goes on there."
        )
        self.group = group
        self.partition = partition
        self.offset = offset


async def remain_stopped(error: DeadLetterLimitError) -> NoReturn:
    """Say so at once and every 30 s, until cancelled."""
    labels = {
        "messaging.consumer.group.name": error.group,
        "messaging.destination.name": error.partition.topic,
        "messaging.destination.partition.id": str(error.partition.number),
    }
    PARTITION_STOPPED.set(1, labels)
    try:
        while True:
            log.error("partition_stopped", partition=str(error.partition), offset=error.offset, reason=str(error))
            await asyncio.sleep(AGAIN_SECONDS)
    finally:
        PARTITION_STOPPED.set(0, labels)

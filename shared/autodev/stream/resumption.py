"""Where reading starts: at the position in the database, which the log must still know."""

from __future__ import annotations

from typing import Any

import structlog

from autodev.stream.logs import KnownLogs, require_known, require_same
from autodev.stream.ports import Ledger, Partition, Subscription

log = structlog.get_logger(__name__)


class TopicMissingError(RuntimeError):
    """The broker has no such topic at present."""


async def resume(
    subscription: Subscription, ledger: Ledger[Any], group: str, partition: Partition, known: KnownLogs
) -> int:
    """Seek `partition` to its position, or to the beginning if it has none; return the offset.

    The offsets committed to the broker play no part: they stay where they are if the database is emptied or restored,
    and then say that records were handled whose effects are gone.

    Raises:
        OtherLogError: what the log holds up to the position would be passed over as already handled.
        TopicMissingError: there is no log.
    """
    async with ledger.begin() as transaction:
        progress = await transaction.progress(group, partition)
    position = progress.position
    found = (await subscription.logs())[partition.topic]
    if found is None:
        raise TopicMissingError(f"the broker has no topic {partition.topic}: run 'autodev topics apply'")
    require_same(group, partition.topic, progress.log, found)
    known.meet(group, partition.topic, found)
    extent = await subscription.extent(partition)
    require_known(group, partition, position, extent.end)
    if position is not None and position < extent.beginning:
        log.warning(
            "records_expired_unread",
            partition=str(partition),
            position=position,
            beginning=extent.beginning,
            lost=extent.beginning - position,
        )
    start = max(position or 0, extent.beginning)
    subscription.seek(partition, start)
    return start

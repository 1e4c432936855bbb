"""Where reading starts: at the position in the database, which the log must still know."""

from __future__ import annotations

from typing import Any

import structlog

from autodev.stream.ports import Ledger, Partition, Subscription

log = structlog.get_logger(__name__)


class PositionBeyondLogError(RuntimeError):
    """The log ends before the position: this is another log than the one that was read."""


async def resume(subscription: Subscription, ledger: Ledger[Any], group: str, partition: Partition) -> int:
    """Seek `partition` to its position, or to the beginning if it has none; return the offset.

    The offsets committed to the broker play no part: they stay where they are if the database is emptied or restored,
    and then say that records were handled whose effects are gone.

    Raises:
        PositionBeyondLogError: whatever the log gets next would be passed over as already handled.
    """
    async with ledger.begin() as transaction:
        position = await transaction.position(group, partition)
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


def require_known(group: str, partition: Partition, position: int | None, end: int) -> None:
    """Pass if a log that ends at `end`, asked for after `position` was read, can be the one that `position` is in.

    Raises:
        PositionBeyondLogError: it can't.
    """
    if position is not None and position > end:
        raise PositionBeyondLogError(
            f"group {group!r} has handled {partition} up to offset {position}, but its log ends at {end}: the topic was"
            " made anew, or the broker is not the one that belongs to this database. Connect to the broker that does;"
            f" or, if the old log is gone for good, delete the rows of topic {partition.topic!r} from table"
            f" {group}.position, so that the log is read from its beginning."
        )

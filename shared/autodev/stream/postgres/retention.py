"""What the runtime's tables keep, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from autodev.events.catalogue import SUBSCRIPTIONS

OUTBOX_KEPT: Final = timedelta(days=1)
"""Published rows stay this long for whoever looks into a problem."""


async def sweep(connection: Any, schema: str) -> None:
    """Delete what is past its time. `connection` is asyncpg's, outside any transaction."""
    await connection.execute(
        f"DELETE FROM {schema}.outbox WHERE published_at < now() - $1::interval",  # noqa: S608
        OUTBOX_KEPT,
    )
    await connection.execute(
        f"DELETE FROM {schema}.inbox WHERE handled_at < now() - $1::interval",  # noqa: S608
        inbox_kept(schema),
    )


def inbox_kept(group: str) -> timedelta:
    """A day longer than any record can come back from the topics that `group` reads."""
    return max(topic.retention for topic in SUBSCRIPTIONS[group]) + timedelta(days=1)

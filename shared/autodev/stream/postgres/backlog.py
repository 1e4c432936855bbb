"""How much of an outbox waits for the broker, as metrics."""

from __future__ import annotations

from typing import Any

from autodev.stream.postgres.published import waiting
from autodev.telemetry.metrics import OUTBOX_OLDEST, OUTBOX_PENDING


async def measure(connection: Any, schema: str) -> None:
    """Set the gauges of rows not yet published. `connection` is asyncpg's."""
    pending, oldest = await connection.fetchrow(
        "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8"  # noqa: S608
        f" FROM {waiting(schema)}"
    )
    OUTBOX_PENDING.set(pending)
    OUTBOX_OLDEST.set(oldest)

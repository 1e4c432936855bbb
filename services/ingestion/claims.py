"""Who came first with an id over HTTP: told at once, where on a topic only a dead letter could tell."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.events.envelope import Event
from autodev.stream.failures import FailureClass, classify
from services.ingestion.tables import claim as table

log = structlog.get_logger(__name__)

Claim = Callable[[Event[Any], bytes], Awaitable[datetime | None]]
"""Takes the event's id for its content, given as a digest; when another content took it first, or None."""
PATIENCE_SECONDS: Final = 1.0


async def unclaimed(_event: Event[Any], _digest: bytes) -> datetime | None:
    """Every id is free."""
    return None


def claims(engine: AsyncEngine) -> Claim:
    """Claims in the service's table.

    While the database is away every id counts as free: the event is durable on its topic, and a conflict becomes a dead
    letter there, as for whoever writes to the topic itself.
    """

    async def claim(event: Event[Any], digest: bytes) -> datetime | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await _claim(engine, event, digest)
        except Exception as error:
            if classify(error) is not FailureClass.INFRASTRUCTURE:
                raise
            log.warning("claim_skipped", reason=f"{type(error).__name__}: {error}")
            return None

    return claim


async def _claim(engine: AsyncEngine, event: Event[Any], digest: bytes) -> datetime | None:
    assert event.data is not None, "reports have data"
    identity = {"tenant_id": event.data.tenant_id, "source": event.source, "id": event.id}
    async with engine.begin() as connection:
        taken = await connection.execute(insert(table).values(**identity, digest=digest).on_conflict_do_nothing())
        if taken.rowcount == 1:
            return None
        first = await connection.execute(select(table.c.digest, table.c.claimed_at).filter_by(**identity))
        row = first.one()
    return None if row.digest == digest else row.claimed_at

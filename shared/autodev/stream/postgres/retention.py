"""What tables keep, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.events.catalogue import SUBSCRIPTIONS, TOPICS

log = structlog.get_logger(__name__)

OUTBOX_KEPT: Final = timedelta(days=1)
"""Rows stay this long, for whoever looks into a problem, and longer if they are not published yet."""
ROWS: Final = 10_000
"""Deleted in one transaction: none lasts long."""
EVERY_SECONDS: Final = 300.0
SOON_SECONDS: Final = 1.0
"""Until the next round, while there is more to delete than one transaction takes."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """Rows of `table` go once `moment` is longer ago than `kept`. All of it is SQL, from code and never from input."""

    table: str
    moment: str
    """An expression of a row: a timestamp with time zone. Null keeps the row."""
    kept: timedelta
    condition: str = "true"
    """Of a row that may go at all."""


@dataclass(frozen=True)
class Sweeper:
    """Deletes what is past its time, in the runtime's tables and in a service's own. Every replica may sweep."""

    engine: AsyncEngine
    schema: str
    expiries: Sequence[Expiry] = ()

    async def run(self) -> None:
        """Sweep until cancelled; a database that is away is tried again."""
        while True:
            try:
                is_done = await self.sweep()
            except Exception as error:  # noqa: BLE001 - whatever the driver raises; readiness tells the operator
                log.warning("sweep_interrupted", reason=f"{type(error).__name__}: {error}")
                is_done = True
            await asyncio.sleep(EVERY_SECONDS if is_done else SOON_SECONDS)

    async def sweep(self) -> bool:
        """Delete up to `ROWS` rows of each table; return whether that was all."""
        deleted = [await self._delete(expiry) for expiry in (*runtime_expiries(self.schema), *self.expiries)]
        return max(deleted) < ROWS

    async def _delete(self, expiry: Expiry) -> int:
        table = f"{self.schema}.{expiry.table}"
        statement = text(
            f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table}"  # noqa: S608
            f" WHERE {expiry.moment} < now() - CAST(:kept AS interval) AND ({expiry.condition})"
            " LIMIT :rows FOR UPDATE SKIP LOCKED))"
        )
        async with self.engine.begin() as connection:
            done = await connection.execute(statement, {"kept": expiry.kept, "rows": ROWS})
        return done.rowcount


def runtime_expiries(schema: str) -> tuple[Expiry, ...]:
    """Of the tables that every service has."""
    return (
        Expiry("outbox", "created_at", OUTBOX_KEPT, f"seq <@ (SELECT seqs FROM {schema}.published)"),  # noqa: S608
        Expiry("inbox", "handled_at", inbox_kept(schema)),
    )


def inbox_kept(group: str) -> timedelta:
    """A day longer than any record can come back from the topics that `group` reads; from any, if nobody knows."""
    return max(topic.retention for topic in SUBSCRIPTIONS.get(group, TOPICS)) + timedelta(days=1)

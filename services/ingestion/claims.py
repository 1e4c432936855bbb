"""Who came first with an id over HTTP: told at once, where on a topic only a dead letter could tell.

An id belongs to its source, not to a tenant: source and id are the identity of an event wherever it goes, in the
inboxes and in the ids that are derived from it (docs/decisions/0016-identity-is-source-and-id.md). So a tenant can take
an id from another one, but only one that it knows beforehand: the SDK's have 74 random bits, and nobody else sees an id
before it is used. Whoever counts its events, 1, 2, 3, under a source that others guess gets a 409, loses nothing, and
takes another source.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql import func

from autodev.events.envelope import Event
from autodev.ids import EventId, TenantId
from autodev.stream.failures import FailureClass, classify
from services.ingestion.tables import claim as table

log = structlog.get_logger(__name__)

Claim = Callable[[Event[Any], bytes], AbstractAsyncContextManager[None]]
"""Takes the event's id for its content, given as a digest, and gives it back if the block, which publishes, fails.
Raises `IdTakenError` if another content has it."""
PATIENCE_SECONDS: Final = 1.0
T = TypeVar("T")


class IdTakenError(Exception):
    """The id came with other content before: `at` that time, or None where that is another tenant's matter."""

    def __init__(self, at: datetime | None) -> None:
        super().__init__("the id came with other content before")
        self.at = at


def unclaimed(_event: Event[Any], _digest: bytes) -> AbstractAsyncContextManager[None]:
    """Every id is free."""
    return nullcontext()


def claims(engine: AsyncEngine) -> Claim:
    """Claims in the service's table.

    While the database is away every id counts as free: the event is durable on its topic, and a conflict becomes a dead
    letter there, as for whoever writes to the topic itself.
    """

    @asynccontextmanager
    async def claim(event: Event[Any], digest: bytes) -> AsyncIterator[None]:
        wanted = _Wanted.by(event, digest)
        taken_at = await _unless_away("claim_skipped", lambda: _take(engine, wanted))
        try:
            yield
        except Exception:
            if taken_at is not None:
                await _unless_away("claim_kept", lambda: _give_back(engine, wanted, taken_at))
            raise

    return claim


@dataclass(frozen=True, slots=True)
class _Wanted:
    tenant: TenantId
    source: str
    id: EventId
    digest: bytes

    @classmethod
    def by(cls, event: Event[Any], digest: bytes) -> _Wanted:
        assert event.data is not None, "reports have data"
        return cls(event.data.tenant_id, event.source, event.id, digest)


async def _unless_away(told: str, work: Callable[[], Awaitable[T]]) -> T | None:
    """What `work` gives, or None, and a line in the log, if the database is away."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await work()
    except Exception as error:
        if classify(error) is not FailureClass.INFRASTRUCTURE:
            raise
        log.warning(told, reason=f"{type(error).__name__}: {error}")
        return None


async def _take(engine: AsyncEngine, wanted: _Wanted) -> datetime | None:
    """When the id was taken, if it was free; None if the same content has it."""
    while True:
        async with engine.begin() as connection:
            if (taken_at := await _insert(connection, wanted)) is not None:
                return taken_at
            if await _share(connection, wanted):
                return None
            first = await connection.execute(
                select(table.c.tenant_id, table.c.claimed_at).filter_by(source=wanted.source, id=wanted.id)
            )
            if (row := first.one_or_none()) is not None:
                raise IdTakenError(row.claimed_at if row.tenant_id == wanted.tenant else None)
        # Whoever had the id gave it back meanwhile.


async def _insert(connection: AsyncConnection, wanted: _Wanted) -> datetime | None:
    values = {"tenant_id": wanted.tenant, "source": wanted.source, "id": wanted.id, "digest": wanted.digest}
    inserted = insert(table).values(values).on_conflict_do_nothing().returning(table.c.claimed_at)
    taken_at: datetime | None = (await connection.execute(inserted)).scalar_one_or_none()
    return taken_at


async def _share(connection: AsyncConnection, wanted: _Wanted) -> bool:
    """Use the claim of the same content, whose first holder can't give it back from here on: its time is another."""
    same = update(table).filter_by(source=wanted.source, id=wanted.id, digest=wanted.digest)
    shared = await connection.execute(same.values(claimed_at=func.clock_timestamp()))
    return shared.rowcount == 1


async def _give_back(engine: AsyncEngine, wanted: _Wanted, taken_at: datetime) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            delete(table).filter_by(source=wanted.source, id=wanted.id, digest=wanted.digest, claimed_at=taken_at)
        )

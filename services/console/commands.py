"""What a person decides: checked on the present state, and published as an event in the same transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autodev.events.binary import to_record
from autodev.events.envelope import Event, new_event
from autodev.events.models.base import EventData, utc_now
from autodev.ids import CaseId, EventId, TenantId, derived_id, new_event_id, sha256
from autodev.stream.postgres import outbox
from services.console import store
from services.console.domain.changes import changes_of
from services.console.domain.document import after
from services.console.tables import commands

SOURCE: Final = "/services/console"


class KeyReusedError(Exception):
    """The idempotency key came with another request before."""


@dataclass(frozen=True, slots=True)
class Command:
    """One request. Those with equal idempotency keys are one command, and must then be equal altogether."""

    tenant: TenantId
    request: str
    """What is asked, in full; only its hash is stored."""
    idempotency_key: str | None = None

    def event_id(self) -> EventId:
        if self.idempotency_key is None:
            return new_event_id()
        return EventId(derived_id("command", self.tenant, self.idempotency_key))


@dataclass(frozen=True, slots=True)
class Decision:
    """The event data to publish, and the moments of what it answers."""

    data: EventData
    answers: tuple[datetime | None, ...] = ()
    case: CaseId | None = None


async def execute(
    engine: AsyncEngine, command: Command, decide: Callable[[AsyncConnection], Awaitable[Decision]]
) -> EventId:
    """Publish what `decide` returns and return the event's id; once per idempotency key, however often it comes.

    Whatever `decide` raises leaves no trace, so the same key may come again.

    Raises:
        KeyReusedError: the key belongs to another request.
    """
    event_id = command.event_id()
    async with engine.begin() as connection:
        if command.idempotency_key is not None and not await _is_first(connection, command, event_id):
            return event_id
        decision = await decide(connection)
        event: Event[EventData] = replace(
            new_event(decision.data, source=SOURCE, correlation_id=decision.case),
            id=event_id,
            time=after(utc_now(), *decision.answers),
        )
        # The reader sees the decision at once; when the event comes back from its topic it changes nothing.
        await store.apply(connection, changes_of(event))
        await outbox.enqueue(connection, "console", [to_record(event)])
    return event_id


async def _is_first(connection: AsyncConnection, command: Command, event_id: EventId) -> bool:
    fingerprint = sha256(command.request)
    mine = {"tenant_id": command.tenant, "idempotency_key": command.idempotency_key}
    inserted = await connection.execute(
        insert(commands)
        .values(**mine, fingerprint=fingerprint, event_id=event_id)
        .on_conflict_do_nothing()
        .returning(commands.c.event_id)
    )
    if inserted.first() is not None:
        return True
    known = await connection.execute(select(commands.c.fingerprint).filter_by(**mine))
    if known.scalar_one() != fingerprint:
        raise KeyReusedError
    return False

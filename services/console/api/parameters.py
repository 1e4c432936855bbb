"""What routes take: the tenant, the database, limits, and commands with their idempotency key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Header, Path, Query, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autodev.ids import CandidateField, EventId, TenantField
from services.console import store
from services.console.api.problems import not_found
from services.console.commands import Command, Decision, execute
from services.console.domain.document import Document

Tenant = Annotated[TenantField, Path(description="The workspace; everything is looked up within it alone.")]
CandidateKey = Annotated[CandidateField, Path()]
Limit = Annotated[int, Query(ge=1, le=500)]
IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=200, pattern=r"^[!-~]+$", description="Requests with one key are one command."),
]
D = TypeVar("D", bound=Document)


def engine_of(request: Request) -> AsyncEngine:
    engine = request.app.state.engine
    assert isinstance(engine, AsyncEngine)
    return engine


Engine = Annotated[AsyncEngine, Depends(engine_of)]


class Accepted(BaseModel):
    """The decision is recorded, and published as this event."""

    event_id: EventId


class Commands(Protocol):
    async def __call__(self, decide: Callable[[AsyncConnection], Awaitable[Decision]]) -> Accepted:
        """Execute the request as a command."""


async def commands(
    request: Request, tenant: Tenant, engine: Engine, idempotency_key: IdempotencyKey = None
) -> Commands:
    """Executes what the route decides, once per idempotency key."""
    body = await request.body()
    command = Command(tenant, f"{request.method} {request.url.path}\n{body.hex()}", idempotency_key)

    async def run(decide: Callable[[AsyncConnection], Awaitable[Decision]]) -> Accepted:
        return Accepted(event_id=await execute(engine, command, decide))

    return run


Execute = Annotated[Commands, Depends(commands)]


async def locked(connection: AsyncConnection, kind: type[D], tenant: Tenant, key: str, what: str) -> D:
    """The stored document, locked until the transaction ends.

    Raises:
        Problem: the tenant has none; `what` names it.
    """
    found = await store.get(connection, kind, tenant, key)
    if found is None:
        raise not_found(what, key)
    return await store.lock(connection, found)

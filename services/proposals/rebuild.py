"""How this service's tables are made again from its topics."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.catalogue import CANDIDATES_PROPOSED, CASE_CHANGED, WITHDRAWAL_REQUESTED
from autodev.events.models.journal import CaseWoken
from autodev.events.record import OutgoingRecord
from autodev.rebuild.recipe import Recipe
from services.proposals.app import ENGINES
from services.proposals.handlers import Handlers
from services.proposals.patrol import go_on
from services.proposals.store import cases
from services.proposals.tables import metadata


def recipe() -> Recipe:
    handle = Handlers(ENGINES).handle
    return Recipe(
        service="proposals",
        tables=metadata,
        writes=frozenset({CASE_CHANGED, CANDIDATES_PROPOSED, WITHDRAWAL_REQUESTED}),
        handler=lambda _partition: handle,
        woken=_woken,
    )


async def _woken(entry: CaseWoken, connection: AsyncConnection) -> list[OutgoingRecord]:
    case = await cases.find(connection, entry.tenant_id, entry.case_id)
    return [] if case is None else await go_on(connection, ENGINES, case)

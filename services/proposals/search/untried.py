"""What engines make of a generation's failures, without what the round has run already."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.search import EvidenceCall, ObservedFailure
from autodev.ids import CallId
from autodev.repair import Edit, fingerprint
from services.proposals.domain import generation
from services.proposals.domain.case import Case
from services.proposals.engines.engine import Engine, SearchRequest
from services.proposals.store import cases


async def untried_edits(
    connection: AsyncConnection,
    engines: Sequence[Engine],
    case: Case,
    base: generation.Base,
    calls: Sequence[EvidenceCall],
    observed: Mapping[CallId, ObservedFailure],
) -> list[Edit]:
    """Edits for one generation, likely ones first; remembered as tried.

    Raises:
        RepairError: the base's module does not parse or has no such function.
    """
    request = SearchRequest(
        module_source=base.current_module(),
        entrypoint=base.entrypoint,
        failures=generation.failures(base, calls, observed),
        known=await cases.fingerprints(connection, case),
        limit=generation.CANDIDATES,
    )
    edits = [edit for engine in engines for edit in await asyncio.to_thread(engine.propose, request)]
    chosen = edits[: generation.CANDIDATES]
    await cases.remember(connection, case, {fingerprint(edit.code) for edit in chosen})
    return chosen

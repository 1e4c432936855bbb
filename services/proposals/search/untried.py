"""What engines make of a generation's failures, without what the round has run already."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.search import EvidenceCall, ObservedFailure, Seen, Share
from autodev.ids import CallId
from autodev.repair import Edit, fingerprint
from autodev.repair.search.experience import Document
from services.proposals.domain import generation
from services.proposals.domain.case import Case
from services.proposals.domain.experience import kinds, of_tried
from services.proposals.engines.engine import Engine, SearchRequest
from services.proposals.store import cases
from services.proposals.store import experience as experiences


async def untried_edits(
    connection: AsyncConnection,
    engines: Sequence[Engine],
    case: Case,
    base: generation.Base,
    calls: Sequence[EvidenceCall],
    experience: Document,
    observed: Mapping[CallId, ObservedFailure] | None = None,
    seen: Sequence[Seen] = (),
) -> list[Edit]:
    """Edits for one generation, engine by engine, likely ones first; remembered as tried, their operators too.

    Raises:
        RepairError: the base's module does not parse or has no such function.
    """
    request = SearchRequest(
        module_source=base.current_module(),
        entrypoint=base.entrypoint,
        failures=generation.failures(base, calls, observed or {}),
        calls=[call for call in calls if call.share is Share.SEARCH],
        known=await cases.fingerprints(connection, case),
        limit=generation.CANDIDATES,
        seen=seen,
        experience=experience,
    )
    chosen: dict[str, Edit] = {}
    for engine in engines:
        rest = replace(request, known=request.known | chosen.keys(), limit=request.limit - len(chosen))
        found = await asyncio.to_thread(engine.propose, rest) if rest.limit else ()
        chosen |= {fingerprint(edit.code): edit for edit in found}
    fitting = generation.fitting(chosen)
    operators = {mark: edit.operator for mark, edit in fitting.items()}
    await cases.remember(connection, case, operators)
    await experiences.add(connection, case.tenant_id, of_tried(operators.values(), kinds(calls)))
    return list(fitting.values())

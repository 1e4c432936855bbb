"""The documents of one case's search, read for its story."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.ids import CaseId, TenantId
from services.console import store
from services.console.domain.candidate import Candidate, CandidateState
from services.console.domain.generation import Generation
from services.console.domain.story.telling import Story, told

MAX_GENERATIONS: Final = 300
"""The last ones; a search ends long before."""
MAX_DECIDED: Final = 100
_DECIDED: Final = (CandidateState.PROMOTED, CandidateState.REJECTED, CandidateState.ROLLED_BACK)


async def story_of(connection: AsyncConnection, tenant: TenantId, case_id: CaseId) -> Story | None:
    """The story of the last search for that tenant's case; None if there was none."""
    generations = await store.find(connection, Generation, tenant, limit=MAX_GENERATIONS, case_id=case_id)
    decided = [
        candidate
        for state in _DECIDED
        for candidate in await store.find(
            connection, Candidate, tenant, limit=MAX_DECIDED, case_id=case_id, state=state
        )
    ]
    return told(generations, {candidate.candidate_id: candidate.state for candidate in decided})

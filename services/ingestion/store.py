"""Episodes and the workspaces' thresholds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.failure import EpisodeRecorded
from autodev.ids import TenantId
from autodev.service.conditions import is_among
from autodev.stream.postgres.columns import joined, separated
from services.ingestion.tables import workspace


@dataclass(frozen=True, slots=True)
class StoredEpisode:
    source: str
    """Of the event that reported it."""
    episode: EpisodeRecorded
    written: bytes
    """The episode as it writes itself."""


# By columns: row by row the same takes twice as long. And each on its own: as one FROM they would all be written down
# first, payloads too, and read again.
_ADDING: Final = text(
    "INSERT INTO ingestion.episode (tenant_id, source, reported_as, agent_id, episode_id, occurred_at, outcome,"
    " signature, executions, payload)"
    f" SELECT {separated('tenants')}, {separated('sources')}, {separated('events')}, {separated('agents')},"
    f" {separated('episodes')}, unnest(CAST(:moments AS timestamptz[])), {separated('outcomes')},"
    " unnest(CAST(:signatures AS text[])), unnest(CAST(:executions AS integer[])),"
    " unnest(CAST(:payloads AS bytea[])) ON CONFLICT DO NOTHING"
)


async def add_episodes(connection: AsyncConnection, episodes: Sequence[StoredEpisode]) -> None:
    if not episodes:
        return
    await connection.execute(
        _ADDING,
        {
            "tenants": joined([each.episode.tenant_id for each in episodes]),
            "sources": joined([each.source for each in episodes]),
            "events": joined([each.episode.reported_as for each in episodes]),
            "agents": joined([each.episode.agent_id for each in episodes]),
            "episodes": joined([each.episode.episode_id for each in episodes]),
            "moments": [each.episode.occurred_at for each in episodes],
            "outcomes": joined([each.episode.outcome.value for each in episodes]),
            "signatures": [each.episode.signature for each in episodes],
            "executions": [each.episode.executions for each in episodes],
            "payloads": [each.written for each in episodes],
        },
    )


async def set_threshold(connection: AsyncConnection, tenant: TenantId, threshold: int) -> None:
    statement = insert(workspace).values(tenant_id=tenant, failure_threshold=threshold)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id"], set_={"failure_threshold": threshold})
    )


async def thresholds(connection: AsyncConnection, tenants: Collection[TenantId]) -> dict[TenantId, int]:
    """Of those of `tenants` that have set one."""
    found = await connection.execute(
        select(workspace.c.tenant_id, workspace.c.failure_threshold).where(is_among(workspace.c.tenant_id, tenants))
    )
    return {TenantId(tenant): threshold for tenant, threshold in found}

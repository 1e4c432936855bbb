"""Episodes and the workspaces' thresholds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.failure import EpisodeRecorded
from autodev.ids import TenantId
from services.ingestion.tables import episode, workspace


@dataclass(frozen=True, slots=True)
class StoredEpisode:
    source: str
    """Of the event that reported it."""
    episode: EpisodeRecorded


async def add_episodes(connection: AsyncConnection, episodes: Sequence[StoredEpisode]) -> None:
    if not episodes:
        return
    rows = [
        {
            "tenant_id": stored.episode.tenant_id,
            "source": stored.source,
            "reported_as": stored.episode.reported_as,
            "agent_id": stored.episode.agent_id,
            "episode_id": stored.episode.episode_id,
            "occurred_at": stored.episode.occurred_at,
            "outcome": stored.episode.outcome.value,
            "signature": stored.episode.signature,
            "executions": stored.episode.executions,
            "payload": stored.episode.write(),
        }
        for stored in episodes
    ]
    await connection.execute(insert(episode).on_conflict_do_nothing(), rows)


async def set_threshold(connection: AsyncConnection, tenant: TenantId, threshold: int) -> None:
    statement = insert(workspace).values(tenant_id=tenant, failure_threshold=threshold)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id"], set_={"failure_threshold": threshold})
    )


async def thresholds(connection: AsyncConnection, tenants: Collection[TenantId]) -> dict[TenantId, int]:
    """Of those of `tenants` that have set one."""
    found = await connection.execute(
        select(workspace.c.tenant_id, workspace.c.failure_threshold).where(workspace.c.tenant_id.in_(tenants))
    )
    return {TenantId(tenant): threshold for tenant, threshold in found}

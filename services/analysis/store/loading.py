"""Reading a partition's state: all that is open at once, closed windows when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.ids import AgentId, CaseId, TenantId
from services.analysis.domain.fold import AgentWindow
from services.analysis.domain.state import ClosedWindow, PartitionState, PatternKey, WindowKey
from services.analysis.domain.windows import Windowing
from services.analysis.store.rows import unpack_leader, unpack_pattern
from services.analysis.tables import leader, partition_state, pattern, tenant_clock


async def current_token(connection: AsyncConnection, partition: int) -> UUID | None:
    """The token of the last transaction that saved this partition's state; None before the first."""
    found = await connection.execute(select(partition_state.c.token).where(partition_state.c.partition == partition))
    return found.scalar_one_or_none()


async def load(connection: AsyncConnection, partition: int, windowing: Windowing) -> PartitionState:
    clocks = await connection.execute(
        select(tenant_clock.c.tenant_id, tenant_clock.c.second).where(tenant_clock.c.partition == partition)
    )
    patterns = await connection.execute(
        select(pattern.c.tenant_id, pattern.c.agent_id, pattern.c.case_id, pattern.c.state).where(
            pattern.c.partition == partition
        )
    )
    leaders = await connection.execute(
        select(leader.c.tenant_id, leader.c.agent_id, leader.c.case_id, leader.c.state).where(
            leader.c.partition == partition
        )
    )
    state = PartitionState(windowing)
    state.restore(
        {TenantId(tenant): second for tenant, second in clocks},
        [unpack_pattern(_key(row), row.state) for row in patterns],
        [unpack_leader(_key(row), row.state) for row in leaders],
    )
    return state


async def load_closed(
    connection: AsyncConnection, partition: int, windows: Iterable[AgentWindow]
) -> dict[WindowKey, ClosedWindow]:
    """The closed windows of all patterns of these agents with these starts."""
    wanted = sorted(windows)
    if not wanted:
        return {}
    found = await connection.execute(
        text(
            "SELECT c.tenant_id, c.agent_id, c.case_id, c.window_start, c.failures, c.revision"
            " FROM unnest(CAST(:tenants AS text[]), CAST(:starts AS bigint[]), CAST(:agents AS text[]))"
            " AS wanted (tenant_id, window_start, agent_id)"
            " JOIN analysis.closed_window c USING (tenant_id, window_start, agent_id) WHERE c.partition = :partition"
        ),
        {
            "partition": partition,
            "tenants": [window.tenant for window in wanted],
            "starts": [window.start for window in wanted],
            "agents": [window.agent for window in wanted],
        },
    )
    return {
        WindowKey(TenantId(row[0]), AgentId(row[1]), CaseId(row[2]), row[3]): ClosedWindow(row[4], row[5])
        for row in found
    }


def _key(row: Any) -> PatternKey:
    return PatternKey(TenantId(row.tenant_id), AgentId(row.agent_id), CaseId(row.case_id))

"""The SQL of saving: one statement for all rows of a kind, its values as arrays."""

from __future__ import annotations

from typing import Final

from sqlalchemy import TextClause, text

NEW_TOKEN: Final = text(
    "INSERT INTO analysis.partition_state (partition, token)"
    " VALUES (CAST(:partition AS integer), CAST(:token AS uuid)) ON CONFLICT DO NOTHING"
)
SWAP_TOKEN: Final = text(
    "UPDATE analysis.partition_state SET token = CAST(:token AS uuid)"
    " WHERE partition = :partition AND token = CAST(:expected AS uuid)"
)

UPSERT_CLOCKS: Final = text(
    "INSERT INTO analysis.tenant_clock (partition, tenant_id, second)"
    " SELECT CAST(:partition AS integer), * FROM unnest(CAST(:tenants AS text[]), CAST(:seconds AS bigint[]))"
    " ON CONFLICT (partition, tenant_id) DO UPDATE SET second = excluded.second"
)

UPSERT_CLOSED: Final = text(
    "INSERT INTO analysis.closed_window (partition, tenant_id, agent_id, case_id, window_start, failures, revision)"
    " SELECT CAST(:partition AS integer), * FROM unnest(CAST(:tenants AS text[]), CAST(:agents AS text[]),"
    " CAST(:cases AS text[]), CAST(:starts AS bigint[]), CAST(:failures AS bigint[]), CAST(:revisions AS integer[]))"
    " ON CONFLICT (partition, tenant_id, window_start, agent_id, case_id)"
    " DO UPDATE SET failures = excluded.failures, revision = excluded.revision"
)
FORGET_CLOSED: Final = text(
    "DELETE FROM analysis.closed_window c"
    " USING unnest(CAST(:tenants AS text[]), CAST(:starts AS bigint[])) AS forgotten (tenant_id, window_start)"
    " WHERE c.partition = :partition AND c.tenant_id = forgotten.tenant_id"
    " AND c.window_start <= forgotten.window_start"
)


def _upsert(table: str) -> TextClause:
    return text(
        f"INSERT INTO analysis.{table} (partition, tenant_id, agent_id, case_id, state)"  # noqa: S608 - our own names
        " SELECT CAST(:partition AS integer), * FROM unnest(CAST(:tenants AS text[]), CAST(:agents AS text[]),"
        " CAST(:cases AS text[]), CAST(:states AS bytea[]))"
        " ON CONFLICT (partition, tenant_id, agent_id, case_id) DO UPDATE SET state = excluded.state"
    )


def _delete(table: str) -> TextClause:
    return text(
        f"DELETE FROM analysis.{table} t"  # noqa: S608 - our own names
        " USING unnest(CAST(:tenants AS text[]), CAST(:agents AS text[]), CAST(:cases AS text[]))"
        " AS gone (tenant_id, agent_id, case_id)"
        " WHERE t.partition = :partition AND t.tenant_id = gone.tenant_id"
        " AND t.agent_id = gone.agent_id AND t.case_id = gone.case_id"
    )


UPSERT_PATTERNS: Final = _upsert("pattern")
DELETE_PATTERNS: Final = _delete("pattern")
UPSERT_LEADERS: Final = _upsert("leader")
DELETE_LEADERS: Final = _delete("leader")

"""The console's schema: one table a kind of document, and the commands that carried an idempotency key."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, LargeBinary, MetaData, Table, Text, func

from autodev.stream.postgres.tables import service_metadata

metadata: MetaData = service_metadata("console")


def _documents(name: str, *filters: Column[str]) -> Table:
    """Documents as JSON in bytes (a text or jsonb column takes no NUL), beside them what lists filter by."""
    return Table(
        name,
        metadata,
        Column("tenant_id", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        *filters,
        Column("document", LargeBinary, nullable=False),
        Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index(f"ix_{name}_updated_at", "tenant_id", "updated_at"),
    )


cases = _documents("cases", Column("agent_id", Text, nullable=False), Column("state", Text))
patterns = _documents("patterns")
candidates = _documents("candidates", Column("case_id", Text, nullable=False), Column("state", Text, nullable=False))
Index("ix_candidates_case_id", candidates.c.tenant_id, candidates.c.case_id)
generations = _documents("generations", Column("case_id", Text, nullable=False))
Index("ix_generations_case_id", generations.c.tenant_id, generations.c.case_id)
skills = _documents("skills")
workspaces = _documents("workspaces")
agents = _documents("agents")

commands = Table(
    "commands",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("accepted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

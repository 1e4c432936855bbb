"""Tables of the schema `fitness`."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from autodev.service.projections.maturity import maturity_table
from autodev.stream.postgres.tables import service_metadata

metadata = service_metadata("fitness")

skill = Table(
    "skill",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("skill_name", Text, primary_key=True),
    Column("promotions", Integer, nullable=False),
    # What agents load now; all null while nothing is promoted.
    Column("code_hash", Text),
    Column("function_hash", Text),
    Column("candidate_id", Text),
)

candidate = Table(
    "candidate",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("candidate_id", Text, primary_key=True),
    Column("agent_id", Text, nullable=False),
    Column("skill_name", Text, nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("obstacle", Text),
    Column("decided_by", Text),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_candidate_skill", "tenant_id", "skill_name", "state"),
)

maturity = maturity_table(metadata)

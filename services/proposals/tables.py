"""Tables of the schema `proposals`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    text,
)

from autodev.service.projections.maturity import maturity_table
from autodev.stream.postgres.tables import service_metadata

metadata = service_metadata("proposals")

case = Table(
    "case",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("agent_id", Text, nullable=False),
    Column("signature", Text, nullable=False),
    # Error type, reason and rejection quote others: a text column would refuse their NUL bytes.
    Column("error_type", LargeBinary, nullable=False),
    Column("skill_name", Text),
    Column("skill", LargeBinary),
    Column("round", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", LargeBinary, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("tried", Integer, nullable=False),
    Column("first_failure_at", DateTime(timezone=True), nullable=False),
    Column("base_promoted", Text),
    Column("promoted", Text),
    Column("recurrences", Integer, nullable=False),
    Column("canary_failed", Boolean, nullable=False, server_default=text("false")),
    Column("canary_quarters", Integer, nullable=False, server_default=text("0")),
    Column("candidate", Text),
    Column("rejection", LargeBinary),
    Column("fixed_by", Text),
    Column("reserved_on", Date),
    Column("wake_at", DateTime(timezone=True)),
    # One search at a time per tenant and skill, whatever the code believes.
    Index("uq_case_searching", "tenant_id", "skill_name", unique=True, postgresql_where=text("state = 'searching'")),
    Index("ix_case_open", "tenant_id", "state"),
    Index("ix_case_wake_at", "wake_at", postgresql_where=text("state = 'open'")),
)

evidence = Table(
    "evidence",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("skill_name", Text, primary_key=True),
    Column("call_id", Text, primary_key=True),
    Column("promoted", Text, primary_key=True),  # code hash of the version that ran, "" for the original
    Column("function_hash", Text, primary_key=True),
    Column("case_id", Text),
    Column("shape", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("violated", Boolean, nullable=False),
    Column("unsound", Boolean, nullable=False, server_default=text("false")),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_evidence_case", "tenant_id", "case_id"),
)

tried = Table(
    "tried",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("operator", Text, nullable=False, server_default=text("''")),
)

operator_experience = Table(
    "operator_experience",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("operator", Text, primary_key=True),
    Column("error", Text, primary_key=True),
    # Shares of failures, exact to add up: the sum is the same in whichever order cases are searched.
    Column("tried", Numeric(20, 6, asdecimal=False), nullable=False),
    Column("right", Numeric(20, 6, asdecimal=False), nullable=False),
)

search = Table(
    "search",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

skill_source = Table(
    "skill_source",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("content_hash", Text, primary_key=True),
    Column("source", LargeBinary, nullable=False),
)

promoted_skill = Table(
    "promoted_skill",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("skill_name", Text, primary_key=True),
    Column("code_hash", Text, nullable=False),
    Column("function_hash", Text, nullable=False),
    Column("code", LargeBinary, nullable=False),
)

promoted_version = Table(
    "promoted_version",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("skill_name", Text, primary_key=True),
    Column("code_hash", Text, primary_key=True),
    Column("replaces", Text),
    Column("case_id", Text, nullable=False),
)

# Counts are of versions, not of promotions: reports may be read before the promotion that they ran under. In both
# tables "promoted" is the code hash of the version that ran, "" for the original.
execution_count = Table(
    "execution_count",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("agent_id", Text, primary_key=True),
    Column("skill_name", Text, primary_key=True),
    Column("function_hash", Text, primary_key=True),
    Column("promoted", Text, primary_key=True),
    Column("executions", BigInteger, nullable=False),
    Column("failures", BigInteger, nullable=False),
)

recurrence_count = Table(
    "recurrence_count",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("function_hash", Text, primary_key=True),
    Column("promoted", Text, primary_key=True),
    Column("skill_name", Text, nullable=False),
    Column("recurrences", BigInteger, nullable=False),
)

workspace = Table(
    "workspace",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("settings", LargeBinary, nullable=False),
)

maturity = maturity_table(metadata)

quota = Table(
    "quota",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("agent_id", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("used", Integer, nullable=False),
)

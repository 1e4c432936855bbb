"""Tables of the schema `analysis`. Every row belongs to one partition of the failure log: its fold alone writes it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text, Uuid

from autodev.stream.postgres.tables import service_metadata

metadata = service_metadata("analysis")

partition_state = Table(
    "partition_state",
    metadata,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    # New with each transaction: a state in memory is the one in these tables if and only if it knows this token.
    Column("token", Uuid, nullable=False),
)

tenant_clock = Table(
    "tenant_clock",
    metadata,
    Column("partition", Integer, primary_key=True),
    Column("tenant_id", Text, primary_key=True),
    Column("second", BigInteger, nullable=False),
)

pattern = Table(
    "pattern",
    metadata,
    Column("partition", Integer, primary_key=True),
    Column("tenant_id", Text, primary_key=True),
    Column("agent_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("state", LargeBinary, nullable=False),
)

leader = Table(
    "leader",
    metadata,
    Column("partition", Integer, primary_key=True),
    Column("tenant_id", Text, primary_key=True),
    Column("agent_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("state", LargeBinary, nullable=False),
)

closed_window = Table(
    # In the order in which windows are looked up (an agent's, of one start) and forgotten (a tenant's, before one).
    "closed_window",
    metadata,
    Column("partition", Integer, primary_key=True),
    Column("tenant_id", Text, primary_key=True),
    Column("window_start", BigInteger, primary_key=True),
    Column("agent_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("failures", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
)

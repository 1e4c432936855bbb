"""Tables of the schema `ingestion`."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, Table, Text, func

from autodev.stream.postgres.tables import service_metadata

metadata = service_metadata("ingestion")

episode = Table(
    "episode",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    # Source and id together are an event's identity.
    Column("source", Text, primary_key=True),
    Column("reported_as", Text, primary_key=True),
    Column("agent_id", Text, nullable=False),
    Column("episode_id", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("signature", Text),
    Column("executions", Integer, nullable=False),
    # The whole episode: jsonb would refuse the NUL bytes and lone surrogates that agents do send.
    Column("payload", LargeBinary, nullable=False),
    # For retention: rows come nearly in the order of their time, and a block range index costs inserts nothing.
    Index("ix_episode_occurred_at", "occurred_at", postgresql_using="brin"),
)

workspace = Table(
    "workspace",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("failure_threshold", Integer, nullable=False),
)

claim = Table(
    "claim",
    metadata,
    # Source and id together are an event's identity, whatever tenant it is of.
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("claimed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_claim_claimed_at", "claimed_at", postgresql_using="brin"),
)

"""The tables that every service has in its own schema: inbox, outbox, what of it is published, and positions."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def service_metadata(schema: str) -> MetaData:
    """Metadata of one service: its schema, our naming convention, and the runtime's tables."""
    metadata = MetaData(schema=schema, naming_convention=NAMING)
    Table(
        "inbox",
        metadata,
        Column("consumer_group", Text, primary_key=True),
        Column("source", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        # Of what the event said; null where that may differ each time it is made, and in rows from before.
        Column("digest", LargeBinary),
        Column("handled_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("ix_inbox_handled_at", "handled_at"),
    )
    Table(
        # The first five columns are those that Debezium's outbox event router expects.
        "outbox",
        metadata,
        Column("id", Uuid, nullable=False),
        Column("aggregatetype", Text, nullable=False),
        Column("aggregateid", LargeBinary),
        Column("type", Text, nullable=False),
        Column("payload", LargeBinary),
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("headers", LargeBinary, nullable=False),
        Column("partition", Integer),
        Column("timestamp_ms", BigInteger),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("ix_outbox_created_at", "created_at"),
    )
    Table(
        "published",
        metadata,
        Column("only_row", Boolean, primary_key=True, server_default="t"),
        # Of outbox rows that are in the broker, and of those that a rollback took away.
        Column("seqs", INT8MULTIRANGE, nullable=False),
        CheckConstraint("only_row", name="only_row"),
        # Without an end, or with none at all, it would say of rows to come that they are published.
        CheckConstraint("NOT isempty(seqs) AND NOT upper_inf(seqs)", name="seqs"),
    )
    Table(
        "position",
        metadata,
        Column("consumer_group", Text, primary_key=True),
        Column("topic", Text, primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("next_offset", BigInteger, nullable=False),
        # Which of the last records became dead letters, as `autodev.stream.limits` packs it.
        Column("outcomes", LargeBinary),
        # Of the log that the offset is in; null in rows from before, until they move.
        Column("log_id", Uuid),
    )
    return metadata

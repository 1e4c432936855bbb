"""Alembic's environment, one for all services; `autodev.service.migrations.history` fills in the attributes."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, text

LOCK = 0x6175746F  # one migration at a time, whatever the service

connection: Connection = context.config.attributes["connection"]
metadata: Any = context.config.attributes["metadata"]


def only_ours(name: str | None, kind: str, _parents: object) -> bool:
    return name == metadata.schema if kind == "schema" else True


connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {metadata.schema}"))
connection.commit()
try:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        include_name=only_ours,
        version_table="alembic_version",
        version_table_schema=metadata.schema,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
finally:
    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
    connection.commit()

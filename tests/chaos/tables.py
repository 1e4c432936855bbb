"""All tables of all services, as rows that two runs can be compared by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from autodev.events.catalogue import SUBSCRIPTIONS
from tests.chaos.compare import Row, Section
from tests.chaos.normalise import content

RUNTIME: Final = frozenset({"inbox", "outbox", "published", "position"})
"""Hold ids and offsets, which differ from run to run: `invariants` says what they must be."""
MIGRATIONS: Final = "alembic_version"

TableRow = Mapping[str, Any]


@dataclass(frozen=True)
class Tables:
    rows: Mapping[str, Sequence[TableRow]]
    """By `schema.table`."""
    keys: Mapping[str, Sequence[str]]
    """Columns of each primary key."""

    def sections(self) -> dict[str, Section]:
        return {
            f"table {name}": Counter(self._row(name, row) for row in rows)
            for name, rows in self.rows.items()
            if name.partition(".")[2] not in RUNTIME
        }

    def _row(self, name: str, row: TableRow) -> Row:
        return Row(content(name, {key: row[key] for key in self.keys[name]}), content(name, dict(row)))


async def read_tables(database_url: str) -> Tables:
    database = await asyncpg.connect(database_url, timeout=10)
    try:
        found = await database.fetch(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema = ANY($1) AND table_type = 'BASE TABLE' AND table_name <> $2",
            list(SUBSCRIPTIONS),
            MIGRATIONS,
        )
        names = sorted(f"{row['table_schema']}.{row['table_name']}" for row in found)
        rows = {name: [dict(row) for row in await database.fetch(f"SELECT * FROM {_quoted(name)}")] for name in names}
        keys = {name: await _primary_key(database, name) for name in names}
    finally:
        await database.close(timeout=5)
    return Tables(rows, keys)


async def _primary_key(database: Any, name: str) -> list[str]:
    found = await database.fetch(
        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)"
        " WHERE indrelid = $1::text::regclass AND indisprimary",
        _quoted(name),
    )
    return [row["attname"] for row in found]


def _quoted(name: str) -> str:
    schema, _, table = name.partition(".")
    return f'"{schema}"."{table}"'

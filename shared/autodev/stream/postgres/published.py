"""Which rows of an outbox are in the broker: ranges of `seq` in one row, so that saying so writes no row anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


def waiting(schema: str, limit: int | None = None) -> str:
    """SQL, to stand after FROM: outbox rows that are not published, as `waiting`; the first `limit`, in order.

    What is published leaves gaps, and the last of them has no end. Each is looked up by the primary key alone.
    """
    first = "OFFSET 0" if limit is None else f"ORDER BY seq LIMIT {limit}"
    return (
        "(SELECT unpublished.* FROM unnest(CAST('{[1,)}' AS int8multirange)"  # noqa: S608 - the schema is from code
        f" - coalesce((SELECT seqs FROM {schema}.published), '{{}}')) AS gap"
        f" CROSS JOIN LATERAL (SELECT * FROM {schema}.outbox WHERE seq >= lower(gap)"
        f" AND seq < coalesce(upper(gap), 9223372036854775807) {first}) AS unpublished {first}) AS waiting"
    )


def marking(schema: str, rows: str) -> str:
    """SQL that marks the rows with the `seq` in the array `rows`, a placeholder; at least one."""
    return (
        f"INSERT INTO {schema}.published AS marked (seqs)"  # noqa: S608
        f" SELECT range_agg(int8range(seq, seq + 1)) FROM unnest(CAST({rows} AS bigint[])) AS seq"
        " ON CONFLICT (only_row) DO UPDATE SET seqs = marked.seqs + excluded.seqs"
    )


async def mark(connection: Any, schema: str, rows: Sequence[int]) -> None:
    """Mark `rows`, of which there is at least one. `connection` is asyncpg's."""
    await connection.execute(marking(schema, "$1"), rows)


async def forget_what_was_before(connection: Any, schema: str) -> bool:
    """Forget all marks if they tell of rows that nobody has numbered yet: the sequence was set back, and new rows would
    take numbers that are marked. Whether it was so; then rows may go out again.
    """
    done = await connection.execute(
        f"DELETE FROM {schema}.published WHERE upper(seqs) - 1 > coalesce("  # noqa: S608
        f"pg_sequence_last_value(pg_get_serial_sequence('{schema}.outbox', 'seq')::regclass), 0)"
    )
    return bool(done == "DELETE 1")


@dataclass
class RolledBack:
    """Finds the gaps that no row will ever fill, and closes them: else every rollback would leave one for good.

    A transaction locks the table before it takes a `seq`. So a gap below what is published belongs to somebody who
    holds such a lock when the gap is seen, or is done already; once none of those who did holds one any more, what is
    in the gap is all there will be.
    """

    schema: str
    _gaps: str = field(default="{}", init=False)
    _writers: frozenset[str] = field(default=frozenset(), init=False)

    async def close(self, connection: Any) -> None:
        """Close what was a gap at the call before and can't be filled; to be called now and then."""
        if self._gaps != "{}" and not self._writers & await self._writing(connection):
            await self._mark_without_rows(connection)
            self._gaps = "{}"
        if self._gaps == "{}":
            self._gaps = await self._open(connection)
            self._writers = await self._writing(connection) if self._gaps != "{}" else frozenset()

    async def _open(self, connection: Any) -> str:
        found = await connection.fetchval(
            "SELECT CAST(int8multirange(int8range(1, upper(seqs))) - seqs AS text)"  # noqa: S608
            f" FROM {self.schema}.published"
        )
        return found or "{}"

    async def _writing(self, connection: Any) -> frozenset[str]:
        """Transactions that may have taken a `seq`."""
        rows = await connection.fetch(
            "SELECT virtualtransaction FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE datname = current_database() AND locktype = 'relation' AND mode = 'RowExclusiveLock'"
            " AND relation = CAST($1 AS text)::regclass",
            f"{self.schema}.outbox",
        )
        return frozenset(row["virtualtransaction"] for row in rows)

    async def _mark_without_rows(self, connection: Any) -> None:
        await connection.execute(
            f"UPDATE {self.schema}.published SET seqs = seqs + (CAST($1::text AS int8multirange) - coalesce("  # noqa: S608
            " (SELECT range_agg(int8range(seq, seq + 1)) FROM unnest(CAST($1::text AS int8multirange)) AS gap"
            f" JOIN {self.schema}.outbox ON seq >= lower(gap) AND seq < upper(gap)), '{{}}'))",
            self._gaps,
        )

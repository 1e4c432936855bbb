"""Rows of the inbox: the events that a group has handled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.base import utc_now
from autodev.stream import admission
from autodev.stream.admission import Admission, Arrival, Handled, Identity, firsts
from autodev.stream.postgres.columns import joined, separated


async def admit(connection: AsyncConnection, schema: str, group: str, arrivals: Sequence[Arrival]) -> Admission:
    """Insert the new of `arrivals` and decide over all of them."""
    first = firsts(arrivals)
    if not first:
        return Admission([], {})
    inserted = await connection.execute(
        _inserting(schema),
        {
            "group": group,
            "sources": joined([source for source, _ in first]),
            "ids": joined([id_ for _, id_ in first]),
            "digests": [arrival.digest for arrival in first.values()],
        },
    )
    rows = inserted.all()
    if len(rows) == len(arrivals):  # nearly always: all are new, and none is there twice
        return Admission([arrival.event for arrival in arrivals], {})
    new = {(source, id_) for source, id_ in rows}
    handled = await _handled(connection, schema, group, first.keys() - new)
    return admission.admit(arrivals, handled, utc_now())


@cache
def _inserting(schema: str) -> TextClause:
    return text(
        f"INSERT INTO {schema}.inbox (consumer_group, source, id, digest)"
        f" SELECT :group, {separated('sources')}, {separated('ids')},"
        " unnest(CAST(:digests AS bytea[])) ON CONFLICT DO NOTHING RETURNING source, id"
    )


async def _handled(
    connection: AsyncConnection, schema: str, group: str, identities: Collection[Identity]
) -> dict[Identity, Handled]:
    if not identities:
        return {}
    rows = await connection.execute(
        text(
            f"SELECT source, id, digest, handled_at FROM {schema}.inbox"  # noqa: S608
            " JOIN unnest(CAST(:sources AS text[]), CAST(:ids AS text[])) AS wanted (source, id) USING (source, id)"
            " WHERE consumer_group = :group"
        ),
        {
            "group": group,
            "sources": [source for source, _ in identities],
            "ids": [id_ for _, id_ in identities],
        },
    )
    return {(row.source, row.id): Handled(row.digest, row.handled_at) for row in rows}

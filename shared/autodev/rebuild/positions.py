"""Where a service was, and where it goes on."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.rebuild.turns import Turns
from autodev.stream.ports import Partition


async def known_positions(connection: AsyncConnection, service: str) -> dict[Partition, int]:
    """The service's positions; none if its database is new or was emptied."""
    rows = await connection.execute(
        text(f"SELECT topic, partition, next_offset FROM {service}.position WHERE consumer_group = :group"),  # noqa: S608
        {"group": service},
    )
    return {Partition(row.topic, row.partition): row.next_offset for row in rows}


async def set_positions(connection: AsyncConnection, service: str, turns: Turns) -> None:
    """Let the service go on after the last record that was taken of each partition."""
    ends = {partition: end for partition in turns.logs.extents if (end := turns.end(partition)) is not None}
    rows = [
        {
            "group": service,
            "topic": partition.topic,
            "number": partition.number,
            "following": end,
            "log": turns.logs.ids[partition.topic],
        }
        for partition, end in ends.items()
    ]
    if rows:
        await connection.execute(
            text(
                f"INSERT INTO {service}.position (consumer_group, topic, partition, next_offset, log_id)"  # noqa: S608
                " VALUES (:group, :topic, :number, :following, :log)"
                " ON CONFLICT (consumer_group, topic, partition) DO UPDATE"
                " SET next_offset = excluded.next_offset, log_id = excluded.log_id"
            ),
            rows,
        )

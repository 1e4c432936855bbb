"""Rows of the outbox: in with the effects, out by the relay."""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from uuid import uuid4

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.record import Headers, OutgoingRecord
from autodev.stream.postgres.columns import joined, separated

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def channel(schema: str) -> str:
    """The NOTIFY channel that wakes the schema's relay."""
    return f"{schema}_outbox"


async def enqueue(connection: AsyncConnection, schema: str, records: Sequence[OutgoingRecord]) -> list[int]:
    """Insert `records` in order and wake the relay when the transaction commits; return the `seq` of each."""
    if not records:
        return []
    attributes = [dict(record.headers) for record in records]
    inserted = await connection.scalars(
        _inserting(schema),
        {
            "ids": joined([_id(each.get("ce_id")) for each in attributes]),
            "topics": joined([record.topic for record in records]),
            "keys": [record.key for record in records],
            "types": [_text(each.get("ce_type")) for each in attributes],
            "payloads": [record.value for record in records],
            "headers": [pack_headers(record.headers) for record in records],
            "partitions": _unless_none([record.partition for record in records]),
            "timestamps": [record.timestamp_ms for record in records],
        },
    )
    await connection.execute(_waking(schema))
    return sorted(inserted)


@cache  # it takes as long to make as to look up what it was compiled to
def _inserting(schema: str) -> TextClause:
    # Each array on its own: as one FROM they would all be written down first, payloads too, and read again.
    return text(
        f"INSERT INTO {schema}.outbox"
        " (id, aggregatetype, aggregateid, type, payload, headers, partition, timestamp_ms)"
        f" SELECT CAST({separated('ids')} AS uuid), {separated('topics')},"
        " unnest(CAST(:keys AS bytea[])), unnest(CAST(:types AS text[])), unnest(CAST(:payloads AS bytea[])),"
        " unnest(CAST(:headers AS bytea[])), unnest(CAST(:partitions AS integer[])),"
        " unnest(CAST(:timestamps AS bigint[])) RETURNING seq"
    )


@cache
def _waking(schema: str) -> TextClause:
    return text(f"NOTIFY {channel(schema)}")


def from_row(row: Any) -> OutgoingRecord:
    """The record that an outbox row holds."""
    return OutgoingRecord(
        topic=row["aggregatetype"],
        key=row["aggregateid"],
        value=row["payload"],
        headers=unpack_headers(row["headers"]),
        timestamp_ms=row["timestamp_ms"],
        partition=row["partition"],
    )


def pack_headers(headers: Headers) -> bytes:
    """JSON, with values in base64: a dead letter's headers may hold any bytes, or none."""
    return orjson.dumps(
        [[name, None if value is None else b2a_base64(value, newline=False).decode()] for name, value in headers]
    )


def unpack_headers(packed: bytes) -> Headers:
    return tuple((name, None if value is None else a2b_base64(value)) for name, value in orjson.loads(packed))


def _unless_none(column: list[int | None]) -> list[int | None] | None:
    """No array where none of the rows has a value: that is one null for all, and no look at each."""
    return column if any(value is not None for value in column) else None


def _text(value: bytes | None) -> str:
    """Of a header; a dead letter's may be anything its sender wrote, and a text column takes no NUL."""
    return "" if value is None else value.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")


def _id(value: bytes | None) -> str:
    """A UUID in its one form: of ours as it is, of a dead letter, whose id is its sender's business, another one."""
    id_ = _text(value)
    return id_ if _UUID.fullmatch(id_) else str(uuid4())

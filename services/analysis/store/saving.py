"""Writing what a batch has changed, under a token that fences whoever else holds the partition's state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.stream.ports import FencedError
from services.analysis.domain.state import Changes, PatternKey
from services.analysis.store import statements
from services.analysis.store.rows import pack_leader, pack_pattern

Row = TypeVar("Row")
Parameters = dict[str, Any]


async def save(connection: AsyncConnection, partition: int, changes: Changes, expected: UUID | None) -> UUID:
    """Write the changed rows under a new token, and return that.

    Raises:
        FencedError: the token is no longer `expected`: another process has this partition.
    """
    token = uuid4()
    tokens = {"partition": partition, "token": token}
    if expected is None:
        swapped = await connection.execute(statements.NEW_TOKEN, tokens)
    else:
        swapped = await connection.execute(statements.SWAP_TOKEN, {**tokens, "expected": expected})
    if swapped.rowcount != 1:
        raise FencedError(f"the state of partition {partition} was changed by another process")
    for statement, parameters in _writes(changes):
        await connection.execute(statement, {"partition": partition, **parameters})
    return token


def _writes(changes: Changes) -> Iterator[tuple[TextClause, Parameters]]:
    if changes.clocks:
        columns = {"tenants": list(changes.clocks), "seconds": list(changes.clocks.values())}
        yield statements.UPSERT_CLOCKS, columns
    if kept := _packed(changes.patterns, pack_pattern):
        yield statements.UPSERT_PATTERNS, _keys(kept) | {"states": list(kept.values())}
    if gone := _gone(changes.patterns):
        yield statements.DELETE_PATTERNS, _keys(gone)
    if kept := _packed(changes.leaders, pack_leader):
        yield statements.UPSERT_LEADERS, _keys(kept) | {"states": list(kept.values())}
    if gone := _gone(changes.leaders):
        yield statements.DELETE_LEADERS, _keys(gone)
    if changes.closed:
        windows = changes.closed.values()
        yield (
            statements.UPSERT_CLOSED,
            _keys(PatternKey(key.tenant, key.agent, key.case) for key in changes.closed)
            | {
                "starts": [key.start for key in changes.closed],
                "failures": [window.failures for window in windows],
                "revisions": [window.revision for window in windows],
            },
        )
    if changes.forgotten:
        columns = {"tenants": list(changes.forgotten), "starts": list(changes.forgotten.values())}
        yield statements.FORGET_CLOSED, columns


def _packed(rows: Mapping[PatternKey, Row | None], pack: Callable[[Row], bytes]) -> dict[PatternKey, bytes]:
    return {key: pack(row) for key, row in rows.items() if row is not None}


def _gone(rows: Mapping[PatternKey, Row | None]) -> list[PatternKey]:
    return [key for key, row in rows.items() if row is None]


def _keys(keys: Iterable[PatternKey]) -> Parameters:
    listed = list(keys)
    return {
        "tenants": [key.tenant for key in listed],
        "agents": [key.agent for key in listed],
        "cases": [key.case for key in listed],
    }

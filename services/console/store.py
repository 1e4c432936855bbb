"""Documents in PostgreSQL: found by tenant, changed under a row lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import Select, Table, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.ids import TenantId
from autodev.service.conditions import are_among
from services.console import tables
from services.console.domain.candidate import Candidate
from services.console.domain.case import Case
from services.console.domain.changes import Change
from services.console.domain.document import Document
from services.console.domain.generation import Generation
from services.console.domain.pattern import Pattern
from services.console.domain.skill import Skill
from services.console.domain.workspace import Agent, Workspace

D = TypeVar("D", bound=Document)

_TABLES: Final[Mapping[type[Document], Table]] = {
    Case: tables.cases,
    Pattern: tables.patterns,
    Candidate: tables.candidates,
    Generation: tables.generations,
    Skill: tables.skills,
    Workspace: tables.workspaces,
    Agent: tables.agents,
}


async def get(connection: AsyncConnection, kind: type[D], tenant: TenantId, key: str) -> D | None:
    """The document, or None if that tenant has none under `key`."""
    table = _TABLES[kind]
    found = await connection.execute(_documents(kind, tenant).where(table.c.key == key))
    row = found.scalar_one_or_none()
    return None if row is None else _read(kind, row)


async def find(
    connection: AsyncConnection, kind: type[D], tenant: TenantId, *, limit: int, **filters: str | None
) -> Sequence[D]:
    """The tenant's documents whose filter columns have those values (None: any), last changed first."""
    table = _TABLES[kind]
    query = _documents(kind, tenant).order_by(table.c.updated_at.desc(), table.c.key).limit(limit)
    for column, value in filters.items():
        if value is not None:
            query = query.where(table.c[column] == value)
    return [_read(kind, row) for row in (await connection.execute(query)).scalars()]


async def apply(connection: AsyncConnection, changes: Iterable[Change]) -> None:
    """Fold `changes`, in order per document, into what is stored. Rows are locked until the transaction ends."""
    by_kind: dict[type[Document], dict[tuple[str, str], list[Change]]] = defaultdict(lambda: defaultdict(list))
    for change in changes:
        by_kind[type(change.start)][change.start.tenant_id, change.start.key].append(change)
    # Kinds and keys in one order everywhere, so that workers of different topics never wait for each other in a ring.
    for kind in _TABLES:
        if by_kind[kind]:
            await _apply_all(connection, kind, dict(sorted(by_kind[kind].items())))


async def lock(connection: AsyncConnection, start: D) -> D:
    """The stored document of `start`'s tenant and key, locked until the transaction ends; `start` if there is none."""
    key = (start.tenant_id, start.key)
    return (await _lock(connection, type(start), {key: start}))[key]


async def _apply_all(
    connection: AsyncConnection, kind: type[D], changes: Mapping[tuple[str, str], Sequence[Change]]
) -> None:
    before = await _lock(connection, kind, {key: each[0].start for key, each in changes.items()})
    rows = []
    for key, document in before.items():
        after = document
        for change in changes[key]:
            after = change.fold(after)
        if after != document:
            rows.append({f"new_{name}": value for name, value in _row(after).items()})
    if not rows:
        return
    table = _TABLES[kind]
    statement = (
        update(table)
        .where(table.c.tenant_id == bindparam("new_tenant_id"), table.c.key == bindparam("new_key"))
        .values(
            {name.removeprefix("new_"): bindparam(name) for name in rows[0] if name not in ("new_tenant_id", "new_key")}
            | {"updated_at": func.clock_timestamp()}
        )
    )
    await connection.execute(statement, rows)


async def _lock(
    connection: AsyncConnection, kind: type[D], starts: Mapping[tuple[str, str], Any]
) -> dict[tuple[str, str], D]:
    table = _TABLES[kind]
    # A row has to be there to be locked.
    await connection.execute(insert(table).on_conflict_do_nothing(), [_row(start) for start in starts.values()])
    rows = await connection.execute(
        select(table.c.tenant_id, table.c.key, table.c.document)
        .where(are_among([table.c.tenant_id, table.c.key], starts))
        .order_by(table.c.tenant_id, table.c.key)
        .with_for_update()
    )
    return {(row.tenant_id, row.key): _read(kind, row.document) for row in rows}


def _documents(kind: type[Document], tenant: TenantId) -> Select[bytes]:
    table = _TABLES[kind]
    return select(table.c.document).where(table.c.tenant_id == tenant)


def _read(kind: type[D], document: bytes) -> D:
    return kind.model_validate_json(document, extra="ignore")


def _row(document: Document) -> dict[str, Any]:
    own = {"tenant_id": document.tenant_id, "key": document.key, "document": document.model_dump_json().encode()}
    # Every other column is there to filter by, and holds the document's attribute of its name.
    filters = [column.name for column in _TABLES[type(document)].c if column.name not in {*own, "updated_at"}]
    return own | {name: getattr(document, name) for name in filters}

"""Recorded calls, bounded per case and per shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.base import Part
from autodev.events.models.call import Call, Expectation, SkillRef
from autodev.ids import CallId, CaseId, Sha256, SkillName, TenantId
from autodev.service.conditions import are_among, is_among
from services.proposals.domain.evidence import KEPT_PASSING, KEPT_PER_CASE, KEPT_PER_SHAPE, Evidence
from services.proposals.tables import evidence as table


class _Payload(Part):
    skill: SkillRef
    call: Call
    expected: Expectation | None


async def add(connection: AsyncConnection, items: Sequence[Evidence]) -> set[CaseId]:
    """Keep those of `items` (one tenant's) for which there is room; return the cases that they are failures of."""
    counts = await _counts(connection, items)
    kept = [item for item in items if _take(counts, item)]
    if kept:
        await connection.execute(insert(table).on_conflict_do_nothing(), [_to_row(item) for item in kept])
    return {item.case_id for item in items if item.case_id is not None}


async def failing(connection: AsyncConnection, tenant: TenantId, cases: Collection[CaseId]) -> list[Evidence]:
    """Sound failing calls of these cases, newest first."""
    query = select(table).where(
        table.c.tenant_id == tenant, is_among(table.c.case_id, cases), table.c.unsound.is_(False)
    )
    return [_from_row(row) for row in await connection.execute(query.order_by(table.c.occurred_at.desc()))]


async def passing(
    connection: AsyncConnection, tenant: TenantId, skill: SkillName, function_hash: Sha256
) -> list[Evidence]:
    """Sound calls that went well, whatever version of the function ran: the base's own run tells which still hold."""
    query = select(table).where(
        table.c.tenant_id == tenant,
        table.c.skill_name == skill,
        table.c.function_hash == function_hash,
        table.c.case_id.is_(None),
        table.c.unsound.is_(False),
    )
    return [_from_row(row) for row in await connection.execute(query)]


async def discard(
    connection: AsyncConnection,
    tenant: TenantId,
    skill: SkillRef,
    promoted: Sha256 | None,
    calls: Collection[CallId],
) -> None:
    """Mark calls that did not give their recorded outcome again: they read a clock, a network, a state.

    Only what was recorded under the very version that ran: of another version the run says nothing.
    """
    if calls:
        await connection.execute(
            update(table)
            .where(
                table.c.tenant_id == tenant,
                table.c.skill_name == skill.name,
                table.c.function_hash == skill.function_hash,
                table.c.promoted == (promoted or ""),
                is_among(table.c.call_id, calls),
            )
            .values(unsound=True)
        )


def _slot(item: Evidence) -> tuple[str, ...]:
    """Each version of a skill has room of its own, or calls of an old one would keep those of the new one out."""
    return item.skill.name, item.case_id or "", item.skill.function_hash, item.skill.promoted or ""


def _take(counts: Counter[tuple[str, ...]], item: Evidence) -> bool:
    slot = _slot(item)
    limit = KEPT_PER_CASE if item.failing else KEPT_PASSING
    if counts[slot] >= limit or counts[*slot, item.shape] >= KEPT_PER_SHAPE:
        return False
    counts[slot] += 1
    counts[*slot, item.shape] += 1
    return True


async def _counts(connection: AsyncConnection, items: Sequence[Evidence]) -> Counter[tuple[str, ...]]:
    """What is kept already, per slot and per slot and shape, of the slots that `items` would go to."""
    slot = (table.c.skill_name, func.coalesce(table.c.case_id, ""), table.c.function_hash, table.c.promoted)
    query = (
        select(*slot, table.c.shape, func.count())
        .where(
            table.c.tenant_id == items[0].tenant_id,
            are_among(slot, {_slot(item) for item in items}),
            table.c.unsound.is_(False),
        )
        .group_by(*slot, table.c.shape)
    )
    counts: Counter[tuple[str, ...]] = Counter()
    for *found, shape, number in await connection.execute(query):
        counts[*found] += number
        counts[*found, shape] = number
    return counts


def _to_row(item: Evidence) -> dict[str, Any]:
    return {
        "tenant_id": item.tenant_id,
        "skill_name": item.skill.name,
        "call_id": item.call_id,
        "promoted": item.skill.promoted or "",
        "function_hash": item.skill.function_hash,
        "case_id": item.case_id,
        "shape": item.shape,
        "occurred_at": item.occurred_at,
        "violated": item.violated,
        "payload": _Payload(skill=item.skill, call=item.call, expected=item.expected).model_dump_json().encode(),
    }


def _from_row(row: Row[Any]) -> Evidence:
    payload = _Payload.model_validate_json(row.payload)
    return Evidence(
        tenant_id=row.tenant_id,
        skill=payload.skill,
        call_id=row.call_id,
        case_id=row.case_id,
        shape=row.shape,
        occurred_at=row.occurred_at,
        call=payload.call,
        expected=payload.expected,
        violated=row.violated,
    )

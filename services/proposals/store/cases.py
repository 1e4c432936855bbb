"""Cases and what each has tried. All of one tenant's cases change under that tenant's lock."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy import Row, and_, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.base import Part
from autodev.events.models.call import SkillRef
from autodev.events.models.case import CaseState
from autodev.events.models.search import EvidenceCall, Seen
from autodev.ids import AgentId, CaseId, SkillName, TenantId
from autodev.repair.search.experience import Document
from autodev.service.conditions import is_among
from services.proposals.domain.case import FIXED, Case
from services.proposals.tables import case as table
from services.proposals.tables import search, tried


class Search(Part):
    """What a round's generations are made of, beside what it has tried."""

    entrypoint: str
    calls: tuple[EvidenceCall, ...]
    seen: tuple[Seen, ...] = ()
    """Versions that edits start from, the unmodified skill first; empty until it was watched."""
    experience: Document = Field(default_factory=dict)
    """What the workspace had learnt of operators when the round began (`experience.as_document`)."""


DUE_AT_ONCE = 20
_QUOTING = ("error_type", "reason", "rejection")
"""Text that may hold any character, kept as bytes."""
_LOCK_SPACE = zlib.crc32(b"autodev proposals tenant") & 0x7FFFFFFF


async def lock_tenants(connection: AsyncConnection, tenants: Collection[TenantId]) -> None:
    """Hold these tenants to the end of the transaction, so that evidence and requests see each other."""
    for lock in sorted({zlib.crc32(tenant.encode()) - 2**31 for tenant in tenants}):
        await connection.execute(
            text("SELECT pg_advisory_xact_lock(:space, :tenant)"), {"space": _LOCK_SPACE, "tenant": lock}
        )


async def find(connection: AsyncConnection, tenant: TenantId, case_id: CaseId) -> Case | None:
    found = await connection.execute(select(table).where(table.c.tenant_id == tenant, table.c.case_id == case_id))
    row = found.one_or_none()
    return _from_row(row) if row is not None else None


async def waiting(connection: AsyncConnection, tenant: TenantId) -> list[Case]:
    """The tenant's open cases, oldest failure first."""
    query = select(table).where(table.c.tenant_id == tenant, table.c.state == CaseState.OPEN)
    return [_from_row(row) for row in await connection.execute(query.order_by(table.c.first_failure_at))]


async def among(
    connection: AsyncConnection, tenant: TenantId, wanted: Collection[CaseId], states: Collection[CaseState]
) -> list[Case]:
    """Those of the `wanted` cases that are in one of `states`, oldest failure first."""
    query = select(table).where(
        table.c.tenant_id == tenant,
        is_among(table.c.case_id, wanted),
        table.c.state.in_([state.value for state in states]),
    )
    return [_from_row(row) for row in await connection.execute(query.order_by(table.c.first_failure_at))]


async def searches(connection: AsyncConnection, tenant: TenantId) -> int:
    """How many of the tenant's cases are being searched."""
    query = select(func.count()).where(table.c.tenant_id == tenant, table.c.state == CaseState.SEARCHING)
    return await connection.scalar(query) or 0


async def freed_by(connection: AsyncConnection, left: Case, place: str) -> list[Case]:
    """Open cases that `left`, no longer searched, may have held up, oldest failure first.

    These are of its skill, wait for its agent's quota, or have `place`, the wait for a search to end, as their reason.
    """
    same_skill = table.c.skill_name == (left.skill.name if left.skill else None)
    same_quota = and_(table.c.agent_id == left.agent_id, table.c.wake_at.is_not(None))
    query = select(table).where(
        table.c.tenant_id == left.tenant_id,
        table.c.state == CaseState.OPEN,
        or_(same_skill, same_quota, table.c.reason == place.encode()),
    )
    return [_from_row(row) for row in await connection.execute(query.order_by(table.c.first_failure_at))]


async def due(connection: AsyncConnection, now: datetime) -> list[Case]:
    """Cases of any tenant whose waiting is over, for more to start with or for an answer."""
    query = select(table).where(
        table.c.state.in_([CaseState.OPEN.value, CaseState.SEARCHING.value]), table.c.wake_at <= now
    )
    query = query.order_by(table.c.wake_at)
    return [_from_row(row) for row in await connection.execute(query.limit(DUE_AT_ONCE))]


async def watched(
    connection: AsyncConnection, tenant: TenantId, agents: Collection[AgentId], skills: Collection[SkillName]
) -> list[Case]:
    """Cases of these agents and skills that what is reported may open again, verify or roll back."""
    query = select(table).where(
        table.c.tenant_id == tenant,
        is_among(table.c.skill_name, skills),
        is_among(table.c.agent_id, agents),
        or_(
            table.c.state.in_([state.value for state in FIXED]),
            and_(table.c.state == CaseState.ROLLED_BACK.value, table.c.canary_failed),
        ),
    )
    return [
        _from_row(row) for row in await connection.execute(query.order_by(table.c.first_failure_at, table.c.case_id))
    ]


async def of_skill(
    connection: AsyncConnection, tenant: TenantId, skill: SkillName, states: Collection[CaseState]
) -> list[Case]:
    query = select(table).where(
        table.c.tenant_id == tenant, table.c.skill_name == skill, table.c.state.in_([state.value for state in states])
    )
    return [
        _from_row(row) for row in await connection.execute(query.order_by(table.c.first_failure_at, table.c.case_id))
    ]


async def save(connection: AsyncConnection, case: Case) -> None:
    values: dict[str, Any] = {field.name: getattr(case, field.name) for field in fields(case)}
    values["state"] = case.state.value
    values |= {name: values[name].encode() for name in _QUOTING if values[name] is not None}
    values["skill_name"] = case.skill.name if case.skill else None
    values["skill"] = case.skill.model_dump_json().encode() if case.skill else None
    statement = insert(table).values(values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "case_id"], set_=values))


async def keep_search(connection: AsyncConnection, case: Case, kept: Search) -> None:
    """In the place of what was kept. The calls of a round stay the same from generation to generation."""
    payload = kept.model_dump_json().encode()
    statement = insert(search).values(tenant_id=case.tenant_id, case_id=case.case_id, payload=payload)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "case_id"], set_={"payload": payload})
    )


async def search_of(connection: AsyncConnection, case: Case) -> Search:
    """The search of the round that is being searched."""
    payload = await connection.scalar(
        select(search.c.payload).where(search.c.tenant_id == case.tenant_id, search.c.case_id == case.case_id)
    )
    assert payload is not None, "a case that is searching has begun its search"
    return Search.model_validate_json(payload)


async def fingerprints(connection: AsyncConnection, case: Case) -> frozenset[str]:
    """Programs that this round has run."""
    found = await connection.execute(
        select(tried.c.fingerprint).where(
            tried.c.tenant_id == case.tenant_id, tried.c.case_id == case.case_id, tried.c.round == case.round
        )
    )
    return frozenset(found.scalars())


async def remember(connection: AsyncConnection, case: Case, operators: Mapping[str, str]) -> None:
    """What this round runs: each program's operators, by its fingerprint."""
    rows = [
        {
            "tenant_id": case.tenant_id,
            "case_id": case.case_id,
            "round": case.round,
            "fingerprint": fingerprint,
            "operator": operator,
        }
        for fingerprint, operator in operators.items()
    ]
    if rows:
        await connection.execute(insert(tried).on_conflict_do_nothing(), rows)


async def operator_of(connection: AsyncConnection, case: Case, fingerprint: str) -> str | None:
    """By which operators the newest round that ran this program had made it."""
    return await connection.scalar(
        select(tried.c.operator)
        .where(
            tried.c.tenant_id == case.tenant_id,
            tried.c.case_id == case.case_id,
            tried.c.fingerprint == fingerprint,
            tried.c.operator != "",
        )
        .order_by(tried.c.round.desc())
        .limit(1)
    )


def _from_row(row: Row[Any]) -> Case:
    values = {field.name: getattr(row, field.name) for field in fields(Case)}
    values["state"] = CaseState(values["state"])
    values |= {name: values[name].decode() for name in _QUOTING if values[name] is not None}
    values["skill"] = SkillRef.model_validate_json(values["skill"]) if values["skill"] else None
    return Case(**values)

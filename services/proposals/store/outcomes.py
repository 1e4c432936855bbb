"""Exact counts of what executions came to: per agent, function and version, and per case and version."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Row, Table, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.failure import EpisodeRecorded
from autodev.ids import CaseId, Sha256, SkillName, TenantId
from autodev.service.conditions import is_among
from services.proposals.domain.canary import Counts, Version
from services.proposals.domain.case import Case
from services.proposals.tables import execution_count, recurrence_count

_Key = tuple[str, ...]


async def add(connection: AsyncConnection, episodes: Iterable[EpisodeRecorded]) -> None:
    """Count what `episodes` stand for; those without a skill are nobody's version."""
    executions: Counter[_Key] = Counter()
    failures: Counter[_Key] = Counter()
    recurrences: Counter[_Key] = Counter()
    for episode in episodes:
        skill = episode.skill
        if skill is None:
            continue
        version = (skill.function_hash, skill.promoted or "")
        key = (episode.tenant_id, episode.agent_id, skill.name, *version)
        executions[key] += episode.executions
        if episode.outcome.is_failure:
            failures[key] += episode.executions
            if episode.case_id is not None:
                recurrences[episode.tenant_id, episode.case_id, *version, skill.name] += episode.executions
    await _add(
        connection,
        execution_count,
        ("tenant_id", "agent_id", "skill_name", "function_hash", "promoted"),
        {key: {"executions": number, "failures": failures[key]} for key, number in executions.items()},
    )
    await _add(
        connection,
        recurrence_count,
        ("tenant_id", "case_id", "function_hash", "promoted"),
        {key[:4]: {"skill_name": key[4], "recurrences": number} for key, number in recurrences.items()},
    )


async def of_cases(
    connection: AsyncConnection, tenant: TenantId, cases: Collection[Case]
) -> dict[CaseId, dict[Version, Counts]]:
    """Per case, the counts of every version of its function as its agent ran it."""
    if not cases:
        return {}
    skills = {case.skill.name for case in cases if case.skill}
    executions: dict[_Key, list[Row[Any]]] = defaultdict(list)
    found = await connection.execute(
        select(execution_count).where(
            execution_count.c.tenant_id == tenant, is_among(execution_count.c.skill_name, skills)
        )
    )
    for row in found:
        executions[row.agent_id, row.skill_name, row.function_hash].append(row)
    found = await connection.execute(
        select(recurrence_count).where(
            recurrence_count.c.tenant_id == tenant,
            is_among(recurrence_count.c.case_id, [case.case_id for case in cases]),
        )
    )
    recurrences = {(row.case_id, row.function_hash, row.promoted): row.recurrences for row in found}
    return {
        case.case_id: {
            Sha256(row.promoted) if row.promoted else None: Counts(
                row.executions,
                row.failures,
                recurrences.get((case.case_id, row.function_hash, row.promoted), 0),
            )
            for row in (executions[case.agent_id, case.skill.name, case.skill.function_hash] if case.skill else ())
        }
        for case in cases
    }


async def forget(connection: AsyncConnection, tenant: TenantId, skill: SkillName, version: Sha256) -> None:
    """Count a version from zero: it is promoted again, on someone's word or because a later one failed."""
    for table in (execution_count, recurrence_count):
        await connection.execute(
            delete(table).where(table.c.tenant_id == tenant, table.c.skill_name == skill, table.c.promoted == version)
        )


async def _add(
    connection: AsyncConnection, table: Table, key: tuple[str, ...], rows: Mapping[_Key, Mapping[str, Any]]
) -> None:
    if not rows:
        return
    statement = insert(table)
    numbers = [column.name for column in table.c if column.name in ("executions", "failures", "recurrences")]
    added = {name: table.c[name] + statement.excluded[name] for name in numbers}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=key, set_=added),
        [dict(zip(key, values, strict=True)) | dict(columns) for values, columns in sorted(rows.items())],
    )

"""Documents in PostgreSQL are what the folds say, whoever else writes at the same time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.events.envelope import Event
from autodev.ids import TenantId
from autodev.service.migrations import history
from services.console import store
from services.console.domain.candidate import Candidate, CandidateState
from services.console.domain.case import Case
from services.console.handlers import project
from tests.unit.console import story

pytestmark = pytest.mark.postgres
TABLES = tuple(f"console.{name}" for name in ("cases", "patterns", "candidates", "skills", "workspaces", "agents"))
TRUNCATE = f"TRUNCATE {', '.join(TABLES)}"


async def _project(engine: AsyncEngine, *events: Event[Any]) -> None:
    async with engine.begin() as connection:
        await project(events, connection)


async def _rows(engine: AsyncEngine) -> set[tuple[Any, ...]]:
    queries = (f"SELECT '{table}', tenant_id, key, document FROM {table}" for table in TABLES)
    async with engine.connect() as connection:
        return {tuple(row) for row in await connection.execute(text(" UNION ALL ".join(queries)))}


async def test_the_migrations_make_the_tables(engine: AsyncEngine) -> None:
    await history.check(engine, "console")


async def test_one_by_one_and_in_one_batch_give_the_same_rows(engine: AsyncEngine) -> None:
    events = story.whole_story()
    await _project(engine, *events)
    in_one_batch = await _rows(engine)
    async with engine.begin() as connection:
        await connection.execute(text(TRUNCATE))
    for event in events:
        await _project(engine, event)
    assert await _rows(engine) == in_one_batch


async def test_workers_of_different_topics_lose_nothing_of_each_other(engine: AsyncEngine) -> None:
    topics: dict[str, list[Event[Any]]] = {}
    events = story.whole_story()
    for event in events:
        topics.setdefault(event.type.topic.name, []).append(event)
    await asyncio.gather(*(_project(engine, *of_one_topic) for of_one_topic in topics.values()))
    at_once = await _rows(engine)
    async with engine.begin() as connection:
        await connection.execute(text(TRUNCATE))
    await _project(engine, *events)
    assert await _rows(engine) == at_once


async def test_a_list_is_filtered_by_state_and_tenant(engine: AsyncEngine) -> None:
    await _project(engine, *story.whole_story())
    async with engine.connect() as connection:
        failed = await store.find(connection, Candidate, story.TENANT, limit=9, state=CandidateState.FAILED)
        foreign = await store.find(connection, Case, TenantId("globex"), limit=9)
    assert [candidate.candidate_id for candidate in failed] == [story.BAD]
    assert foreign == []


async def test_code_and_reasons_may_hold_any_character(engine: AsyncEngine) -> None:
    code = 'def speed():\n    return "\x00\ud7ff\x1b"\n'
    await _project(engine, story.event(story.promoted(code=code)))
    assert any(b"\\u0000" in bytes(row[3]) for row in await _rows(engine))

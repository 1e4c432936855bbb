"""What analysis has in its tables, and what the pure fold of the log as it is would have put there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import asyncpg

from autodev.events.binary import from_record
from autodev.events.catalogue import FAILURE_BATCHED, FAILURE_LATE, FAILURE_WINDOWED, LEARNING_REQUESTED, type_of
from autodev.events.models.base import EventData
from autodev.events.record import Record
from autodev.ids import derived_event_id
from services.analysis.domain.fold import step
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing
from tests.integration.analysis.installation import Installation
from tests.unit.analysis.rows import Rows

RESULTS = (FAILURE_WINDOWED, FAILURE_LATE, LEARNING_REQUESTED)

Row = tuple[Any, ...]


@dataclass
class Outcome:
    """All of it, comparable; what only says how it came about (tokens, times, sequence numbers) is left out."""

    results: dict[str, EventData] = field(default_factory=dict)
    """On the topics, by id."""
    outbox: Counter[str] = field(default_factory=Counter)
    """How often each id was put there; published or not."""
    inbox: set[tuple[str, str]] = field(default_factory=set)
    positions: dict[int, int] = field(default_factory=dict)
    clocks: set[Row] = field(default_factory=set)
    patterns: set[Row] = field(default_factory=set)
    leaders: set[Row] = field(default_factory=set)
    closed: set[Row] = field(default_factory=set)


def undisturbed(log: list[list[Record]], windowing: Windowing) -> Outcome:
    """What comes of `log`, its records by partition, when nothing ever happens to a process."""
    outcome = Outcome()
    for number, records in enumerate(log):
        state, rows = PartitionState(windowing), Rows()
        for record in records:
            event = from_record(record)
            if (event.source, event.id) in outcome.inbox or event.data is None:
                continue
            outcome.inbox.add((event.source, event.id))
            for result in step(state, event.data):
                id_ = result.event_id or derived_event_id(event.source, event.id, type_of(result.data).name, 0)
                outcome.results[id_] = result.data
                outcome.outbox[id_] += 1
        rows.save(state.take_changes())
        if records:
            outcome.positions[number] = records[-1].offset + 1
        outcome.clocks |= {(number, *row) for row in rows.clocks.items()}
        outcome.patterns |= {(number, *key, row) for key, row in rows.patterns.items()}
        outcome.leaders |= {(number, *key, row) for key, row in rows.leaders.items()}
        outcome.closed |= {(number, *key, *window) for key, window in rows.closed.items()}
    return outcome


async def found(installation: Installation) -> Outcome:
    """What the topics and the tables hold."""
    outcome = Outcome()
    for topic in RESULTS:
        for event in await installation.events(topic.name):
            assert event.data is not None
            assert outcome.results.setdefault(event.id, event.data) == event.data, f"{event.id} says two things"
    database = await asyncpg.connect(installation.database_url)
    try:
        told = await database.fetch(
            "SELECT id FROM analysis.outbox WHERE aggregatetype = ANY($1)", [topic.name for topic in RESULTS]
        )
        outcome.outbox.update([str(id_) for (id_,) in told])
        outcome.inbox = {(row[0], row[1]) for row in await database.fetch("SELECT source, id FROM analysis.inbox")}
        positions = "SELECT partition, next_offset FROM analysis.position WHERE topic = $1 AND next_offset > 0"
        outcome.positions = dict(map(tuple, await database.fetch(positions, FAILURE_BATCHED.name)))
        outcome.clocks = await _rows(database, "tenant_clock", "partition, tenant_id, second")
        outcome.patterns = await _rows(database, "pattern", "partition, tenant_id, agent_id, case_id, state")
        outcome.leaders = await _rows(database, "leader", "partition, tenant_id, agent_id, case_id, state")
        outcome.closed = await _rows(
            database,
            "closed_window",
            "partition, tenant_id, agent_id, case_id, window_start, failures, revision",
        )
    finally:
        await database.close()
    return outcome


def differences(one: Outcome, other: Outcome) -> Iterator[str]:
    for part in fields(Outcome):
        here, there = (_items(getattr(each, part.name)) for each in (one, other))
        if here != there:
            example = next(iter(here ^ there))
            yield f"{part.name}: {len(here - there)} found unexpectedly, {len(there - here)} missing, such as {example}"


def _items(part: set[Row] | dict[Any, Any]) -> set[Any]:
    return {(key, str(value)) for key, value in part.items()} if isinstance(part, dict) else part


async def _rows(database: asyncpg.Connection, table: str, columns: str) -> set[Row]:
    rows = await database.fetch(f"SELECT {columns} FROM analysis.{table}")
    assert len(set(map(tuple, rows))) == len(rows)
    return {tuple(row) for row in rows}

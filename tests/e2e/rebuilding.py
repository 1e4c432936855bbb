"""`autodev db rebuild` as an operator runs it, and tables as they can be compared before and after."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from tests.chaos.tables import read_tables
from tests.e2e.installation import Installation

VOLATILE: Final = {
    "inbox": {"handled_at"},  # the row is as old as the rebuild
    "partition_state": {"token"},  # random on purpose
    **{
        name: {"updated_at"}
        for name in ("cases", "patterns", "candidates", "generations", "skills", "workspaces", "agents")
    },
    "position": {"outcomes"},  # what became of the last records is forgotten with the row
}
"""Columns that a rebuild need not bring back. All else has to be equal."""
KEPT: Final = frozenset({"outbox", "published"})

Tables = Mapping[str, Sequence[str]]
"""By `schema.table`, its rows as text, sorted."""


@dataclass(frozen=True)
class Answer:
    exit_code: int
    report: Mapping[str, Any]
    told: str
    """On stderr."""


async def rebuild(installation: Installation, service: str, *options: str) -> Answer:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "autodev", "db", "rebuild", service, "-o", "json", *options),
        env=os.environ | installation.settings,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, told = await process.communicate()
    assert process.returncode is not None
    return Answer(process.returncode, json.loads(out) if out.strip() else {}, told.decode())


async def tables_of(installation: Installation, service: str) -> Tables:
    """The tables of a service, without what is stated to be volatile."""
    rows = (await read_tables(installation.database_url)).rows
    return {
        name: sorted(_as_text(name.partition(".")[2], row) for row in found)
        for name, found in rows.items()
        if name.startswith(f"{service}.") and name.partition(".")[2] not in KEPT
    }


async def empty(installation: Installation, service: str) -> None:
    """Take all rows of a service away, as if its database had been lost and migrated anew."""
    names = (await read_tables(installation.database_url)).rows
    database = await asyncpg.connect(installation.database_url, timeout=10)
    try:
        await database.execute(f"TRUNCATE {', '.join(name for name in names if name.startswith(f'{service}.'))}")
    finally:
        await database.close(timeout=5)


def _as_text(table: str, row: Mapping[str, Any]) -> str:
    return repr({column: value for column, value in row.items() if column not in VOLATILE.get(table, ())})

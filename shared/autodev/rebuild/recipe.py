"""What a service says of itself so that its tables can be made again: `services.<name>.rebuild.recipe()`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.catalogue import Topic
from autodev.events.models.journal import CaseWoken
from autodev.events.record import OutgoingRecord
from autodev.stream.handler import BatchHandler
from autodev.stream.ports import Partition
from autodev.stream.reading import Check, accept

PROGRESS: Final = frozenset({"outbox", "published", "position"})
"""Tables of the runtime that say how far the service is with records in and out: they stay."""

Waking = Callable[[CaseWoken, AsyncConnection], Awaitable[list[OutgoingRecord]]]


@dataclass(frozen=True)
class Recipe:
    service: str
    """Its name, which is also its group and its schema."""
    tables: MetaData
    writes: frozenset[Topic]
    """All topics that it publishes to, but for its dead letters and the journal."""
    handler: Callable[[Partition], BatchHandler[AsyncConnection]] | None
    """The handler of a partition; None where what it did is on its topics, and nothing of it in its tables."""
    check: Check = accept
    woken: Waking | None = None
    """Does again what time alone made the service do; returns what it published."""
    kept: frozenset[str] = frozenset()
    """Tables that no topic tells of: they stay as they are."""

    @property
    def source(self) -> str:
        return f"/services/{self.service}"

    @property
    def rebuilt(self) -> list[str]:
        """The tables that are emptied and filled again."""
        return sorted({"".join(table.name) for table in self.tables.sorted_tables} - PROGRESS - self.kept)

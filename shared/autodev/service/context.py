"""What a service's wiring is given to build its own parts from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.service.readiness import Readiness
from autodev.service.settings import ServiceSettings
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.postgres.ledger import PostgresLedger


@dataclass(frozen=True)
class Context:
    name: str
    settings: ServiceSettings
    engine: AsyncEngine
    readiness: Readiness
    publisher: KafkaPublisher
    stop: Callable[[], None]
    """Ends the process as a signal would: with a drain."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def ledger(self) -> PostgresLedger:
        return PostgresLedger(self.engine, self.name)

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the service until it ends or the service stops."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

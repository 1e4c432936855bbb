"""What a service's wiring is given to build its own parts from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.service.readiness import Readiness
from autodev.service.settings import ServiceSettings
from autodev.stream.endings import reason_of
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.postgres.handover import Handover
from autodev.stream.postgres.journal import JournaledLedger

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Context:
    name: str
    settings: ServiceSettings
    engine: AsyncEngine
    readiness: Readiness
    publisher: KafkaPublisher
    stop: Callable[[], None]
    """Ends the process as a signal would: with a drain."""
    failures: list[BaseException] = field(default_factory=list)
    """What ended background work; the process then exits with 1, so that its supervisor starts it again."""
    handover: Handover = field(default_factory=Handover)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def ledger(self) -> JournaledLedger:
        return JournaledLedger(self.engine, self.name, self.handover)

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the service until it returns or the service stops; if it raises, the service stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def end_background(self) -> None:
        """Cancel what still runs and wait for its end."""
        tasks = list(self._tasks)
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task not in self._tasks:  # told to end
            return
        self._tasks.discard(task)
        if task.cancelled() or task.exception() is not None:
            reason = reason_of(task)
            log.error("background_failed", work=str(task.get_coro()), exc_info=reason)
            self.failures.append(reason)
            self.stop()

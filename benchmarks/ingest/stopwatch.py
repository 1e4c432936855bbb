"""Where the time goes: a clock beside the handler, the publisher, and every statement that goes to the database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autodev.events.envelope import Event
from autodev.events.record import OutgoingRecord
from autodev.stream.emission import Emission
from autodev.stream.handler import BatchHandler
from autodev.stream.ports import Publisher
from autodev.stream.postgres.ledger import PostgresLedger, PostgresTransaction

_TABLE: Final = re.compile(r"\b(?:INTO|UPDATE|FROM) \w+\.(\w+)")


@dataclass
class Stopwatch:
    """Seconds by stage. Stages may lie within each other; each keeps only what no inner one took."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _inner: list[float] = field(default_factory=list)

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Add the time of the block to `stage`. For one task at a time."""
        self._inner.append(0.0)
        began = perf_counter()
        try:
            yield
        finally:
            took = perf_counter() - began
            self.seconds[stage] += took - self._inner.pop()
            if self._inner:
                self._inner[-1] += took


@dataclass(frozen=True)
class TimedLedger:
    """Clocks commits."""

    ledger: PostgresLedger
    watch: Stopwatch

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PostgresTransaction]:
        async with AsyncExitStack() as stack:
            transaction = await stack.enter_async_context(self.ledger.begin())
            yield transaction
            with self.watch.measure("database: commit"):
                await stack.aclose()


@dataclass(frozen=True)
class TimedPublisher:
    publisher: Publisher
    watch: Stopwatch

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        with self.watch.measure("relay: publish"):
            await self.publisher.publish(records)


def timed(handler: BatchHandler[AsyncConnection], watch: Stopwatch) -> BatchHandler[AsyncConnection]:
    async def handle(events: Sequence[Event[Any]], store: AsyncConnection) -> Iterable[Emission]:
        with watch.measure("handler"):
            return await handler(events, store)

    return handle


@contextmanager
def statements_timed(engine: AsyncEngine, watch: Stopwatch) -> Iterator[None]:
    """Clock statements under the table that they name first."""
    running: list[AbstractContextManager[None]] = []

    def begin(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        table = _TABLE.search(statement)
        running.append(watch.measure(f"database: {table[1] if table else 'other'}"))
        running[-1].__enter__()

    def end(*_: Any) -> None:
        running.pop().__exit__(None, None, None)

    listeners: dict[str, Callable[..., Any]] = {"before_cursor_execute": begin, "after_cursor_execute": end}
    for name, listener in listeners.items():
        event.listen(engine.sync_engine, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners.items():
            event.remove(engine.sync_engine, name, listener)

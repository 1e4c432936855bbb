"""The whole way: everyone else kept out, tables emptied and filled in one transaction, committed if that is wanted.

Until the commit the old tables are what anybody sees, and whatever fails before it, kill -9 included, leaves them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.catalogue import SUBSCRIPTIONS
from autodev.events.envelope import Event
from autodev.events.record import Record
from autodev.rebuild.given_up import GivenUp, read_given_up
from autodev.rebuild.journal import coverage_of, read_journal
from autodev.rebuild.logs import Logs, open_logs
from autodev.rebuild.outputs import Outputs
from autodev.rebuild.pending import relay_pending
from autodev.rebuild.positions import known_positions, set_positions
from autodev.rebuild.recipe import Recipe
from autodev.rebuild.replay import ReplayLedger
from autodev.rebuild.report import Progress, Report
from autodev.rebuild.standing import relaying_nothing, require_migrated, require_no_members, shut_out_others
from autodev.rebuild.turns import Turn, Turns
from autodev.rebuild.warnings import warnings_of
from autodev.service.database import create_engine
from autodev.service.settings import ServiceSettings
from autodev.stream.batch import BatchProcessor
from autodev.stream.clock import taking_place_at
from autodev.stream.emission import Emission
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.limits import Limits
from autodev.stream.ports import Partition
from autodev.stream.postgres import outbox

Tell = Callable[[Progress], None]
Decide = Callable[[Report], bool]


async def rebuild(recipe: Recipe, settings: ServiceSettings, *, tell: Tell, decide: Decide, send: bool) -> Report:
    """Make the tables of a stopped service again.

    `decide` is shown the outcome and says whether it is committed. With `send`, what waits in the outbox goes out
    first.

    Raises:
        RebuildRefusedError: the service is not stopped, its schema not migrated, or its topics are others.
        KafkaError, OSError, SQLAlchemyError: a server is away; the tables are as they were.
    """
    kafka = settings.kafka.connection("rebuild")
    await require_no_members(kafka, recipe.service)
    engine = create_engine(settings.database, "rebuild", idle_in_transaction="0")
    try:
        await require_migrated(engine, recipe.service)
        async with (
            relaying_nothing(settings.database.plain_url(), recipe.service),
            engine.connect() as connection,
            connection.begin() as transaction,
        ):
            await shut_out_others(connection, recipe.service)
            report = await Rebuild(recipe, kafka, connection, tell).run(send=send)
            if decide(report):
                await transaction.commit()
                return replace(report, committed=True)
            await transaction.rollback()
            return report
    finally:
        await engine.dispose()


@dataclass
class Rebuild:
    """One rebuild within an open transaction."""

    recipe: Recipe
    kafka: KafkaConnection
    connection: AsyncConnection
    tell: Tell
    progress: Progress = field(default_factory=Progress)

    async def run(self, *, send: bool) -> Report:
        """Fill the tables, and leave the commit to the caller."""
        started = perf_counter()
        service = self.recipe.service
        outputs = Outputs(self.connection, self.recipe)
        await outputs.create()
        await outputs.load(self.kafka)
        relayed = await relay_pending(outputs, self.kafka, send=send)
        positions = await known_positions(self.connection, service)
        coverage = await coverage_of(self.kafka, service)
        given_up = await read_given_up(self.kafka, service)
        await self._empty()
        async with self._inputs() as logs:
            turns = Turns(logs, coverage, positions, guess=not positions and self.recipe.handler is not None)
            self.progress.records_in_topics = sum(extent.end - extent.beginning for extent in logs.extents.values())
            await self._replay(turns, ReplayLedger(self.connection, service, outputs), given_up)
            await set_positions(self.connection, service, turns)
            warnings = await warnings_of(turns, outputs)
            left = sum(
                max(0, extent.end - max(turns.end(partition) or 0, extent.beginning))
                for partition, extent in logs.extents.items()
            )
        # While its positions were there nothing of it was lost, and what waited in the outbox has gone out.
        missing = [] if positions else await outputs.missing()
        await outbox.enqueue(self.connection, service, [*missing, *outputs.letters])
        return Report(
            service=service,
            records=self.progress.records,
            left=left,
            events=await self._count("inbox"),
            rows={name: await self._count(name) for name in self.recipe.rebuilt},
            relayed=relayed,
            emissions=outputs.emitted,
            on_topics=outputs.found,
            differing=outputs.differing,
            to_send=len(missing) + len(outputs.letters),
            seconds=round(perf_counter() - started, 3),
            warnings=tuple(warnings),
        )

    async def _replay(self, turns: Turns, ledger: ReplayLedger, given_up: GivenUp) -> None:
        processors: dict[Partition, BatchProcessor[AsyncConnection]] = {}
        async for turn in turns.earlier():
            await self._take(turn, ledger, processors, given_up)
        async for entry in read_journal(self.kafka, self.recipe.service):
            found = await turns.journaled(entry)
            if isinstance(found, Turn):
                await self._take(found, ledger, processors, given_up)
            elif found is not None and self.recipe.woken is not None:
                with taking_place_at(found.woken_at):
                    await ledger.outputs.take(await self.recipe.woken(found, self.connection))

    async def _take(
        self,
        turn: Turn,
        ledger: ReplayLedger,
        processors: dict[Partition, BatchProcessor[AsyncConnection]],
        given_up: GivenUp,
    ) -> None:
        handled = [record for record in turn.records if (turn.partition, record.offset) not in given_up]
        if turn.partition not in processors:
            processors[turn.partition] = self._processor(turn.partition, ledger)
        ledger.at = turn.at
        if handled:
            await processors[turn.partition].process(turn.partition, handled)
        self.progress.records += len(turn.records)
        self.progress.place = _place(turn.records[-1])
        self.tell(self.progress)

    def _processor(self, partition: Partition, ledger: ReplayLedger) -> BatchProcessor[AsyncConnection]:
        return BatchProcessor(
            group=self.recipe.service,
            source=self.recipe.source,
            ledger=ledger,
            handler=self.recipe.handler(partition) if self.recipe.handler is not None else _remember_only,
            check=self.recipe.check,
            limits=Limits(consecutive=0, share=0.0),
        )

    @asynccontextmanager
    async def _inputs(self) -> AsyncIterator[Logs]:
        async with open_logs(self.kafka, [topic.name for topic in SUBSCRIPTIONS[self.recipe.service]]) as logs:
            yield logs

    async def _empty(self) -> None:
        tables = ", ".join(f'{self.recipe.service}."{name}"' for name in self.recipe.rebuilt)
        await self.connection.execute(text(f"TRUNCATE {tables}"))

    async def _count(self, table: str) -> int:
        found = self.recipe.tables.tables[f"{self.recipe.service}.{table}"]
        return int(await self.connection.scalar(select(func.count()).select_from(found)) or 0)


async def _remember_only(_events: Sequence[Event[Any]], _connection: AsyncConnection) -> Sequence[Emission]:
    return ()


def _place(record: Record) -> str:
    return f"{record.topic}[{record.partition}]@{record.offset}"

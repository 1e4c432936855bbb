"""Ingestion as it runs, on topics and a database of its own; its relay only when a test lets it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.events.binary import to_record
from autodev.events.catalogue import TOPICS, Topic
from autodev.events.envelope import new_event
from autodev.events.models.agent import Outcome, TaskEvent
from autodev.events.models.base import EventData, utc_now
from autodev.events.record import OutgoingRecord, Record
from autodev.ids import AgentId, EpisodeId, TenantId
from autodev.rebuild.rebuilding import Tell, rebuild
from autodev.rebuild.report import Report
from autodev.service.context import Context
from autodev.service.database import create_engine
from autodev.service.migrations import history
from autodev.service.readiness import Readiness
from autodev.service.settings import DatabaseSettings, KafkaSettings, ServiceSettings
from autodev.stream.kafka.log import read
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.kafka.topics import apply_topics
from autodev.stream.postgres.outbox import from_row
from autodev.stream.postgres.published import waiting
from autodev.stream.postgres.relay import Relay
from services.ingestion.app import SERVICE
from services.ingestion.rebuild import recipe
from tests.contract.stream.waiting import PATIENCE

TRACE = '  File "tools.py", line 3, in half\n    return int(text) / 2\nValueError: invalid literal'
TABLES = ("episode", "inbox", "workspace")


def failures(count: int, tenant: str = "acme") -> list[EventData]:
    """Reports of one failure, each a second after the other."""
    started = utc_now() - timedelta(seconds=count)
    return [
        TaskEvent(
            episode_id=EpisodeId(f"e-{number}"),
            agent_id=AgentId("scout"),
            tenant_id=TenantId(tenant),
            outcome=Outcome.FAILURE,
            error_trace=TRACE,
            occurred_at=started + timedelta(seconds=number),
        )
        for number in range(count)
    ]


@dataclass
class Workplace:
    settings: ServiceSettings
    engine: AsyncEngine
    publisher: KafkaPublisher

    async def report(self, reports: Sequence[EventData]) -> None:
        await self.publisher.publish([to_record(new_event(data, source="/agents/scout")) for data in reports])

    async def work(self, episodes: int, *, relaying: bool = True) -> None:
        """Run the service until it has so many episodes and, if it may relay, nothing waits to be published."""
        context = Context(SERVICE.name, self.settings, self.engine, Readiness(), self.publisher, stop=lambda: None)
        member = await SERVICE.join(context)
        relay = asyncio.create_task(
            Relay(self.settings.database.plain_url(), SERVICE.name, self.publisher).run()
            if relaying
            else asyncio.sleep(PATIENCE)
        )
        try:
            async with asyncio.timeout(PATIENCE):
                # No event tells of rows in the database.
                while await self.count("episode") < episodes or (relaying and await self.waiting()):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            await member.stop()
            relay.cancel()
            await asyncio.gather(relay, return_exceptions=True)

    async def rebuild(self, *, tell: Tell = lambda _progress: None, commit: bool = True) -> Report:
        return await rebuild(recipe(), self.settings, tell=tell, decide=lambda _report: commit, send=commit)

    async def lose_the_database(self) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(f"TRUNCATE {', '.join(f'ingestion.{name}' for name in TABLES)}"))
            await connection.execute(text("TRUNCATE ingestion.outbox, ingestion.published, ingestion.position"))

    async def rows(self) -> list[str]:
        """All rows that handlers write, as text."""
        async with self.engine.connect() as connection:
            found = [
                f"{table} {tuple(row)}"
                for table, columns in (("episode", "*"), ("workspace", "*"), ("inbox", "source, id, digest"))
                for row in await connection.execute(text(f"SELECT {columns} FROM ingestion.{table}"))
            ]
        return sorted(found)

    async def count(self, table: str) -> int:
        async with self.engine.connect() as connection:
            return int(await connection.scalar(text(f"SELECT count(*) FROM ingestion.{table}")) or 0)

    async def waiting(self) -> list[OutgoingRecord]:
        async with self.engine.connect() as connection:
            rows = await connection.execute(text(f"SELECT * FROM {waiting('ingestion')} ORDER BY seq"))
            return [from_row(row) for row in rows.mappings()]

    async def written(self, topic: Topic) -> list[Record]:
        reading = read(self.settings.kafka.connection("test"), [topic.name], from_start=True, until_end=True)
        async with contextlib.aclosing(reading) as records:
            return [record async for record in records]


@asynccontextmanager
async def opened(kafka_bootstrap: str, database_url: str) -> AsyncIterator[Workplace]:
    prefix = f"rebuild-{uuid4().hex}."
    settings = ServiceSettings(
        kafka=KafkaSettings(bootstrap_servers=kafka_bootstrap, topic_prefix=prefix),
        database=DatabaseSettings(url=SecretStr(database_url)),
    )
    connection = settings.kafka.connection("test")
    await apply_topics(connection, TOPICS)
    engine = create_engine(settings.database, "ingestion")
    publisher = KafkaPublisher(connection)
    await history.upgrade(engine, "ingestion")
    yield Workplace(settings, engine, publisher)
    await publisher.stop()
    await engine.dispose()

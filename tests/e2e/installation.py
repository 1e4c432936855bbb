"""A whole installation as an operator runs it: every service a process of its own, on a real Kafka and PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from aiokafka import AIOKafkaConsumer
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import create_async_engine

from autodev.events.binary import from_record, to_record
from autodev.events.catalogue import SUBSCRIPTIONS, TOPICS, Topic
from autodev.events.envelope import Event, new_event
from autodev.events.models.base import EventData
from autodev.events.record import Record
from autodev.service.migrations import history
from autodev.service.settings import DatabaseSettings
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.kafka.topics import apply_topics
from deploy.local.processes.ports import free_ports

T = TypeVar("T")
PATIENCE = 90.0
"""Seconds until something that should happen counts as not happening; a busy machine is slow, not wrong."""


@dataclass
class Installation:
    bootstrap: str
    database_url: str
    prefix: str
    logs: Path
    ports: dict[str, int] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    async def prepare(self) -> None:
        """Migrations and topics, as steps of their own."""
        engine = create_async_engine(DatabaseSettings(url=SecretStr(self.database_url)).sqlalchemy_url())
        for service in SUBSCRIPTIONS:
            await history.upgrade(engine, service)
        await engine.dispose()
        await apply_topics(self._connection(), TOPICS)
        self.ports = dict(zip(SUBSCRIPTIONS, free_ports(len(SUBSCRIPTIONS)), strict=True))

    def start(self, *services: str) -> None:
        for service in services:
            environment = os.environ | {
                "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": self.bootstrap,
                "AUTODEV_KAFKA__TOPIC_PREFIX": self.prefix,
                "AUTODEV_DATABASE__URL": self.database_url,
                "AUTODEV_HTTP__PORT": str(self.ports[service]),
            }
            with (self.logs / f"{service}.log").open("ab") as log:
                self.processes[service] = subprocess.Popen(
                    [sys.executable, "-m", "autodev", "run", service], env=environment, stdout=log, stderr=log
                )

    def stop(self, *services: str) -> list[int]:
        """Ask to end, as an operator does; the exit codes."""
        for service in services:
            self.processes[service].send_signal(signal.SIGTERM)
        return [self.processes.pop(service).wait(timeout=30) for service in services]

    def kill(self, *services: str) -> None:
        for service in services:
            self.processes[service].kill()
            self.processes.pop(service).wait(timeout=10)

    async def ready(self, *services: str) -> None:
        async with httpx2.AsyncClient() as client:
            for service in services:
                await eventually(partial(self._is_ready, client, service), f"{service} is ready")

    async def _is_ready(self, client: httpx2.AsyncClient, service: str) -> bool:
        try:
            answer = await client.get(f"{self.url(service)}/readyz", timeout=2)
        except httpx2.HTTPError:
            return False
        return answer.status_code == 200

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    async def report(self, reports: Iterable[EventData], source: str = "/agents/test") -> None:
        """Publish as agents do, and as the console does for what people decide."""
        publisher = KafkaPublisher(self._connection())
        try:
            await publisher.publish([to_record(new_event(data, source=source)) for data in reports])
        finally:
            await publisher.stop()

    async def events(self, topic: Topic) -> list[Event[Any]]:
        """Everything on `topic` so far, each event once however often it was published."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
        )
        await consumer.start()
        found: dict[tuple[str, str], Event[Any]] = {}
        try:
            consumer.subscribe([self._connection().physical(topic.name)])
            while not consumer.assignment():  # noqa: ASYNC110 - the client sets no event
                await asyncio.sleep(0.02)
            ends = await consumer.end_offsets(consumer.assignment())
            while any([await consumer.position(partition) < end for partition, end in ends.items()]):
                for messages in (await consumer.getmany(timeout_ms=500)).values():
                    for message in messages:
                        event = from_record(
                            Record(
                                topic=topic.name,
                                partition=message.partition,
                                offset=message.offset,
                                timestamp_ms=message.timestamp,
                                key=message.key,
                                value=message.value,
                                headers=tuple(message.headers),
                            )
                        )
                        found.setdefault((event.source, event.id), event)
        finally:
            await consumer.stop()
        return list(found.values())

    async def data_of(self, topic: Topic, tenant: str) -> list[Any]:
        """The data of a tenant's events on `topic`."""
        found: list[Any] = [event.data for event in await self.events(topic)]
        return [data for data in found if data is not None and data.tenant_id == tenant]

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait(timeout=10)

    def _connection(self) -> KafkaConnection:
        return KafkaConnection(self.bootstrap, "e2e", self.prefix)


async def eventually(condition: Callable[[], Awaitable[T]], what: str, patience: float = PATIENCE) -> T:
    """The first true answer of `condition`.

    Raises:
        AssertionError: naming `what` did not happen.
    """
    deadline = asyncio.get_running_loop().time() + patience
    while asyncio.get_running_loop().time() < deadline:
        if answer := await condition():
            return answer
        await asyncio.sleep(0.2)
    raise AssertionError(f"within {patience:.0f} s it did not happen that {what}")

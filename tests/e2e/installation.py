"""A whole installation as an operator runs it: every service a process of its own, on a real Kafka and PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import create_async_engine

from autodev.events.binary import from_record, to_record
from autodev.events.catalogue import SUBSCRIPTIONS, TOPICS, Topic
from autodev.events.envelope import Event, new_event
from autodev.events.models.base import EventData
from autodev.service.migrations import history
from autodev.service.settings import DatabaseSettings
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import read
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
    command: tuple[str, ...] = (sys.executable, "-m", "autodev", "run")
    """What runs a service; its name is added."""
    ports: dict[str, int] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    """Running ones, by service; a further replica of a service goes by `<service>-2` and so on."""

    @property
    def connection(self) -> KafkaConnection:
        return KafkaConnection(self.bootstrap, "e2e", self.prefix)

    @property
    def settings(self) -> dict[str, str]:
        """Environment by which services and commands find their servers."""
        return {
            "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": self.bootstrap,
            "AUTODEV_KAFKA__TOPIC_PREFIX": self.prefix,
            "AUTODEV_DATABASE__URL": self.database_url,
            # The strongest engine that a machine happens to have would decide how fast the loop is.
            "AUTODEV_ISOLATION__ENGINES": '["namespaces"]',
        }

    async def prepare(self) -> None:
        """Migrations and topics, as steps of their own."""
        engine = create_async_engine(DatabaseSettings(url=SecretStr(self.database_url)).sqlalchemy_url())
        for service in SUBSCRIPTIONS:
            await history.upgrade(engine, service)
        await engine.dispose()
        await apply_topics(self.connection, TOPICS)
        self.ports = dict(zip(SUBSCRIPTIONS, free_ports(len(SUBSCRIPTIONS)), strict=True))

    def start(self, *names: str, **environment: str) -> None:
        """Start services, or further replicas of them (`fitness-2`), each with `environment` beside what it needs."""
        for name in names:
            self.ports.setdefault(name, *free_ports(1))
            settings = os.environ | self.settings | {"AUTODEV_HTTP__PORT": str(self.ports[name])}
            with (self.logs / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [*self.command, name.partition("-")[0]], env=settings | environment, stdout=log, stderr=log
                )

    def stop(self, *names: str) -> list[int]:
        """Ask to end, as an operator does; the exit codes."""
        ending = [self.processes.pop(name) for name in names]
        for process in ending:
            process.send_signal(signal.SIGTERM)
        return [process.wait(timeout=30) for process in ending]

    def kill(self, *names: str) -> None:
        for name in names:
            process = self.processes.pop(name)
            process.kill()
            process.wait(timeout=10)

    def pause(self, *names: str) -> None:
        """Freeze, as a machine does that swaps or migrates; `resume` brings back what may by then be a zombie."""
        for name in names:
            self.processes[name].send_signal(signal.SIGSTOP)

    def resume(self, *names: str) -> None:
        for name in names:
            self.processes[name].send_signal(signal.SIGCONT)

    async def ready(self, *names: str) -> None:
        async with httpx2.AsyncClient() as client:
            for name in names:
                await eventually(partial(self._is_ready, client, name), f"{name} is ready")

    async def _is_ready(self, client: httpx2.AsyncClient, name: str) -> bool:
        try:
            answer = await client.get(f"{self.url(name)}/readyz", timeout=2)
        except httpx2.HTTPError:
            return False
        return answer.status_code == 200

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    async def report(self, reports: Iterable[EventData], source: str = "/agents/test") -> None:
        """Publish as agents do, and as the console does for what people decide."""
        publisher = KafkaPublisher(self.connection)
        try:
            await publisher.publish([to_record(new_event(data, source=source)) for data in reports])
        finally:
            await publisher.stop()

    async def events(self, topic: Topic) -> list[Event[Any]]:
        """Everything on `topic` so far, each event once however often it was published."""
        found: dict[tuple[str, str], Event[Any]] = {}
        async for record in read(self.connection, [topic.name], from_start=True, until_end=True):
            event = from_record(record)
            found.setdefault((event.source, event.id), event)
        return list(found.values())

    async def data_of(self, topic: Topic, tenant: str) -> list[Any]:
        """The data of a tenant's events on `topic`."""
        found: list[Any] = [event.data for event in await self.events(topic)]
        return [data for data in found if data is not None and data.tenant_id == tenant]

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()  # the stopped ones too
        for process in self.processes.values():
            process.wait(timeout=10)


@contextmanager
def running(installed: Installation, *names: str) -> Iterator[Installation]:
    """`installed` made ready, with services and replicas of these names started, until the block ends."""
    asyncio.run(installed.prepare())
    try:
        installed.start(*names)
        asyncio.run(installed.ready(*names))
        yield installed
    finally:
        installed.end()


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

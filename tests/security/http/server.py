"""The HTTP of a service as it stands on a port, and clients that send whatever bytes they like."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount

from autodev.events.record import OutgoingRecord
from autodev.service.probes import HttpServer, probe_routes
from autodev.service.problems import answer_with_problems
from autodev.service.readiness import Readiness
from autodev.service.settings import HttpSettings
from deploy.local.processes.ports import free_ports
from services.ingestion.http import ingestion_api

REPORT: dict[str, Any] = {"execution_id": "e1", "agent_id": "scout", "tenant_id": "acme", "skill_id": "speed"}
HEADERS = {
    "host": "ingestion",
    "ce-specversion": "1.0",
    "ce-id": "event-1",
    "ce-source": "/agents/scout",
    "ce-type": "dev.autodev.skill.executed.v1",
    "content-type": "application/json",
}
SECONDS = 30.0


class Broker:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.records: list[OutgoingRecord] = []

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        self.records.extend(records)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The body, which every answer that is no success has in this form."""
        assert self.headers["content-type"] == "application/problem+json"
        assert self.headers["x-content-type-options"] == "nosniff"
        told: dict[str, Any] = json.loads(self.body)
        assert told["status"] == self.status
        assert told["title"]
        assert told["detail"]
        return told


@dataclass
class Client:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *parts: bytes) -> None:
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()

    async def answer(self) -> Answer:
        async with asyncio.timeout(SECONDS):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-1])}
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(head[0].split()[1]), headers, body)

    async def is_closed_by_the_server(self) -> bool:
        async with asyncio.timeout(SECONDS):
            try:
                while await self.reader.read(65_536):
                    pass
            except ConnectionResetError:
                pass
        return True


@dataclass
class Server:
    port: int
    broker: Broker

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Client]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Client(reader, writer)
        finally:
            writer.close()

    async def exchange(self, *parts: bytes) -> Answer:
        """Send on a new connection; return the first answer."""
        async with self.connected() as client:
            await client.send(*parts)
            return await client.answer()


def head(method: bytes = b"POST", path: bytes = b"/v1/events", /, **changes: str | None) -> bytes:
    """A request's head, with good headers but for `changes` (underscores are dashes; None leaves one out)."""
    given = HEADERS | {name.replace("_", "-"): value for name, value in changes.items()}
    lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in given.items() if value is not None)
    return method + b" " + path + b" HTTP/1.1\r\n" + lines + b"\r\n"


def request(body: bytes, /, **changes: str | None) -> bytes:
    return head(**{"content_length": str(len(body)), **changes}) + body


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    """Ingestion's API beside the probes, as its process serves them."""
    broker, [port] = Broker(), free_ports(1)
    site = Starlette(routes=[*probe_routes(Readiness()), Mount("/", ingestion_api(broker))])
    answer_with_problems(site)
    server = HttpServer(site, HttpSettings(port=port))
    await server.start()
    try:
        yield Server(port, broker)
    finally:
        await server.stop()

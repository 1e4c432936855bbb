"""Broker and database restart, crash, or are both away."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.processes.server import Server
from tests.chaos.faults.fault import FromOutside
from tests.chaos.running import Running

LATEST_SECONDS = 3.0
"""After so long at most in a part of the workload, the fault strikes."""
AWAY_SECONDS = 30.0


@dataclass(frozen=True)
class Restart(FromOutside):
    """One server is restarted in its orderly way, and soon after killed and started again."""

    name: str
    server: Callable[[Running], Server]

    async def strike(self, running: Running, chance: random.Random) -> None:
        server = self.server(running)
        await asyncio.sleep(chance.uniform(0.5, LATEST_SECONDS))
        await asyncio.to_thread(server.restart)
        await asyncio.sleep(chance.uniform(0.5, LATEST_SECONDS))
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)


@dataclass(frozen=True)
class Outage(FromOutside):
    """Broker and database are away at the same time, and come back in either order."""

    name: str = "both away"
    seconds: float = AWAY_SECONDS

    async def strike(self, running: Running, chance: random.Random) -> None:
        servers: list[Server] = [running.servers.kafka, running.servers.postgres]
        await asyncio.sleep(chance.uniform(0.5, LATEST_SECONDS))
        await asyncio.gather(*(asyncio.to_thread(server.kill) for server in servers))
        await asyncio.sleep(self.seconds)
        for server in chance.sample(servers, len(servers)):
            await asyncio.to_thread(server.start)

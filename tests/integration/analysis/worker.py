"""Service processes, ended in every way and restarted as a supervisor does."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from deploy.local.processes.ports import free_ports
from tests.integration.analysis.installation import Installation

COMMAND = (sys.executable, "-m", "autodev", "run", "analysis")


@dataclass
class Worker:
    """One `autodev run analysis`, restarted like a supervisor would when it ends by itself with an error."""

    environment: Mapping[str, str]
    port: int
    command: tuple[str, ...] = COMMAND
    exit_codes: list[int] = field(default_factory=list)
    _process: asyncio.subprocess.Process | None = None
    _keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def wait_until_ready(self, seconds: float = 40.0) -> None:
        async with asyncio.timeout(seconds):
            while await asyncio.to_thread(self.readiness) != "":  # noqa: ASYNC110 - another process sets no event
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """kill -9, and nobody restarts it."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        return await self._end(signal.SIGTERM)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    async def _spawn(self) -> None:
        self._process = await asyncio.create_subprocess_exec(*self.command, env={**os.environ, **self.environment})

    async def _keep(self) -> None:
        while True:
            assert self._process is not None
            self.exit_codes.append(await self._process.wait())
            await asyncio.sleep(0.2)
            await self._spawn()

    async def _end(self, number: signal.Signals) -> int:
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        if self._process is None or self._process.returncode is not None:
            return 0
        self._signal(number)
        return await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    def readiness(self) -> str | None:
        """What it waits for, as it says; empty when it is ready, None while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=1):
                return ""
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.read().decode()
        except OSError:
            return None


class Workers:
    """Makes workers on one installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._made: list[Worker] = []

    def add(self, command: tuple[str, ...] = COMMAND, **settings: str) -> Worker:
        """A worker, not started yet. `settings` go into its environment."""
        (port,) = free_ports(1)
        connection = self._installation.connection
        environment = {
            "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": connection.bootstrap_servers,
            "AUTODEV_KAFKA__TOPIC_PREFIX": connection.prefix,
            "AUTODEV_DATABASE__URL": self._installation.database_url,
            "AUTODEV_HTTP__PORT": str(port),
            **settings,
        }
        self._made.append(Worker(environment, port, command))
        return self._made[-1]

    async def kill_all(self) -> None:
        for worker in self._made:
            await worker.kill()

"""An agent as a process of its own, which knows nothing of the demo."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Self

from examples.flights.messages import MEASURE, MESSAGE, Message

_LONGEST_LINE = 1_048_576
_STOP_SECONDS = 15.0


class AgentEndedError(Exception):
    """An agent ended by itself; the message says where its log is."""


class AgentProcess:
    def __init__(self, name: str, process: Process, log: Path) -> None:
        self.name = name
        self._process = process
        self._log = log
        self._stopping = False

    @classmethod
    async def start(cls, name: str, environment: Mapping[str, str], log: Path, *options: str) -> Self:
        """Start the agent `name` with what its SDK needs in `environment`."""
        with log.open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "examples.flights.agent",
                *options,
                env={**os.environ, **environment, "AUTODEV_AGENT": name},
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                limit=_LONGEST_LINE,
            )
        return cls(name, process, log)

    async def messages(self) -> AsyncIterator[Message]:
        """What the agent says, until it is stopped.

        Raises:
            AgentEndedError: it ended by itself.
        """
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            yield MESSAGE.validate_json(line)
        if not self._stopping:
            raise AgentEndedError(
                f"{self.name} ended by itself with code {await self._process.wait()}: see {self._log}"
            )

    def measure(self) -> None:
        """Ask for a `Measured` message."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{MEASURE}\n".encode())

    async def stop(self) -> None:
        """Let it finish what it does and report what it has, and end."""
        self._stopping = True
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

"""Agents of several tenants, started together and let go at the same moment."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from benchmarks.loop.messages import MESSAGE, Failed, Loaded, Ready
from benchmarks.loop.skills import module
from tests.e2e.failing_agent import AGENT
from tests.e2e.installation import Installation

PATIENCE: Final = 240.0


@dataclass(frozen=True)
class Repair:
    """One case, as its agent lived it."""

    tenant: str
    skill: str
    failed_at: datetime
    loaded_at: datetime

    @property
    def seconds(self) -> float:
        return (self.loaded_at - self.failed_at).total_seconds()


async def repairs(installed: Installation, tenants: Sequence[str], skills: int) -> list[Repair]:
    """Let one agent a tenant fail with `skills` skills, until all of them run repaired versions.

    Raises:
        TimeoutError: some case had no end within `PATIENCE` seconds.
    """
    directory = installed.logs / tenants[0]
    directory.mkdir()
    source = directory / "skills.py"
    source.write_text(module(skills))
    async with AsyncExitStack() as stack:
        agents = [await _start(installed, tenant, source, skills) for tenant in tenants]
        for process in agents:
            stack.push_async_callback(_end, process)
        for process in agents:
            assert isinstance(await _message(process), Ready)
        for process in agents:
            assert process.stdin is not None
            process.stdin.write(b"\n")
        async with asyncio.timeout(PATIENCE):
            found = await asyncio.gather(*(_listen(*each, skills) for each in zip(tenants, agents, strict=True)))
    return [repair for each in found for repair in each]


async def _start(installed: Installation, tenant: str, source: Path, skills: int) -> Process:
    environment = {
        "AUTODEV_TENANT": tenant,
        "AUTODEV_AGENT": AGENT,
        "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": installed.bootstrap,
        "AUTODEV_KAFKA__TOPIC_PREFIX": installed.prefix,
        "AUTODEV_SPOOL_DIRECTORY": str(source.parent),
    }
    command = (sys.executable, "-m", "benchmarks.loop.agent", str(source), str(skills))
    return await asyncio.create_subprocess_exec(*command, env=os.environ | environment, stdin=PIPE, stdout=PIPE)


async def _listen(tenant: str, process: Process, skills: int) -> list[Repair]:
    failed: dict[str, datetime] = {}
    loaded: dict[str, datetime] = {}
    while len(loaded) < skills:
        match await _message(process):
            case Failed(skill=skill, at=at):
                failed[skill] = at
            case Loaded(skill=skill, at=at):
                loaded.setdefault(skill, at)
    return [Repair(tenant, skill, failed[skill], loaded[skill]) for skill in loaded]


async def _message(process: Process) -> object:
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("an agent ended before its skills were repaired: its errors are above")
    return MESSAGE.validate_json(line)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


def by_skill(found: Sequence[Repair]) -> Mapping[tuple[str, str], Repair]:
    return {(repair.tenant, repair.skill): repair for repair in found}

"""Supervisors that are killed in mid-run, and what is left once another has started."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import time
from typing import Final

from autodev.sandbox.docker.daemon import Daemon
from autodev.sandbox.docker.sweep import sweep as remove_containers
from autodev.sandbox.sweep import sweep

_REMOVAL_SECONDS: Final = 10.0

SUPERVISOR = """
import asyncio, sys
from autodev.sandbox.engines import ENGINES
from tests.soak.run import soak

async def main():
    engine = ENGINES[sys.argv[1]](2)
    print(flush=True)
    await soak(engine, 1_000_000, int(sys.argv[2]))

asyncio.run(main())
"""


async def kill_supervisors(engine: str, times: int, seed: int) -> None:
    """Start one, let it run for a moment, kill it, and sweep; so many times."""
    chance = random.Random(seed)
    for number in range(times):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SUPERVISOR, engine, str(seed + number), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout
        await process.stdout.readline()
        await asyncio.sleep(chance.uniform(0, 1.5))
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await asyncio.sleep(0.2)  # for launchers that were on their way: they end by themselves
        await asyncio.to_thread(sweep)
        if engine.startswith("docker"):
            await asyncio.to_thread(_sweep_containers)


def _sweep_containers() -> None:
    """One that is about to be removed is listed for a moment more."""
    daemon = Daemon.connect()
    deadline = time.monotonic() + _REMOVAL_SECONDS
    while remove_containers(daemon) and time.monotonic() < deadline:
        time.sleep(0.1)
    daemon.close()

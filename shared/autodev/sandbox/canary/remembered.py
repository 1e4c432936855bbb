"""Proofs that hold for a while: a command that runs one program does not run fifteen others before it each time."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

from autodev.sandbox.canary.prove import prove
from autodev.sandbox.engine import Engine
from autodev.sandbox.labels import private_directory, this_process

HOLDS_SECONDS: Final = 900.0


async def prove_unless_lately(engine: Engine) -> None:
    """`prove`, unless a process of this user saw all promises of such an engine kept within `HOLDS_SECONDS`.

    On this boot of the machine, that is, in this namespace of processes, and with these versions. Where the user has
    no temporary files that nobody else can write, nothing is remembered.

    Raises:
        IsolationUnavailable: as `prove`.
    """
    if not await asyncio.to_thread(_lately, engine.name):
        await prove(engine)
        await asyncio.to_thread(_remember, engine.name)


def _lately(name: str) -> bool:
    with suppress(OSError, ValueError):
        circumstances, _, at = _file(name).read_text().rpartition(" ")
        return circumstances == _circumstances() and 0 <= _now() - float(at) < HOLDS_SECONDS
    return False


def _remember(name: str) -> None:
    with suppress(OSError):
        file = _file(name)
        written = file.with_name(f"{name}.{os.getpid()}")
        written.write_text(f"{_circumstances()} {_now()}")
        written.replace(file)  # whole, whoever reads meanwhile


def _file(name: str) -> Path:
    return private_directory(f"autodev-proved-{os.geteuid()}") / name


def _now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _circumstances() -> str:
    process = this_process()
    return f"{process.boot} {process.namespace} {version('autodev-streams')} {sys.version_info[:3]}"

"""What runs of a stack, and whether it is ready."""

from __future__ import annotations

import asyncio
from enum import IntEnum
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from deploy.local.stack.readiness import unready_reason
from deploy.local.stack.running import Stack, find_stack
from deploy.local.stack.state import KAFKA, POSTGRES, SERVICES
from deploy.local.supervision.supervisor import ProgramInfo, ProgramState

OWN = "your own"


class PartStatus(BaseModel):
    """One line of the status; `pid` is 0 and `state` says so where the part is not the stack's."""

    model_config = ConfigDict(frozen=True)

    part: str
    pid: int
    state: str
    address: str
    ready: bool
    reason: str = ""


class Outcome(IntEnum):
    """What the exit code of `status` means."""

    READY = 0
    NOT_READY = 1
    NOTHING_RUNS = 3


async def status_of(directory: Path) -> tuple[PartStatus, ...]:
    """Status of every part, the servers first; empty if the stack is down."""
    stack = await asyncio.to_thread(find_stack, directory)
    if stack is None:
        return ()
    return tuple(await asyncio.gather(*(_part(stack, part) for part in (POSTGRES, KAFKA, *SERVICES))))


def outcome_of(parts: tuple[PartStatus, ...]) -> Outcome:
    """The exit code that a status stands for."""
    if not parts:
        return Outcome.NOTHING_RUNS
    return Outcome.READY if all(part.ready for part in parts) else Outcome.NOT_READY


async def _part(stack: Stack, part: str) -> PartStatus:
    program = (await stack.programs()).get(part)
    reason = await unready_reason(part, stack.state)
    return PartStatus(
        part=part,
        pid=program.pid if program else 0,
        state=_state(program, ready=reason is None),
        address=_address(stack, part),
        ready=reason is None,
        reason=reason or "",
    )


def _state(program: ProgramInfo | None, *, ready: bool) -> str:
    if program is None:
        return OWN
    if ready and program.statename is ProgramState.STARTING:  # supervisord's name for the first second
        return ProgramState.RUNNING.lower()
    return program.statename.lower()


def _address(stack: Stack, part: str) -> str:
    if part == KAFKA:
        return stack.state.kafka_bootstrap
    if part == POSTGRES:
        return without_password(stack.state.database_url)
    return stack.state.service_url(part)


def without_password(url: str) -> str:
    """A database URL that may be shown."""
    parts = urlsplit(url)
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{user}{parts.hostname}{port}", query="").geturl()

"""One running stack: its parts, and how each is started and stopped through supervisord."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.local.processes.server import ServerFailedError, log_tail
from deploy.local.stack.autodev_command import log_of
from deploy.local.stack.readiness import unready_reason
from deploy.local.stack.state import SERVICES, StackState, load
from deploy.local.supervision.settings import GRACE_SECONDS
from deploy.local.supervision.supervisor import ProgramInfo, ProgramState, Supervisor

_READY_SECONDS = 180.0
_FAILED_TRIES = 3
_POLL_SECONDS = 0.2
# Starting services need the processor more than whoever watches them.
_LOOK_SECONDS = 0.5
_ENDED = frozenset({ProgramState.STOPPED, ProgramState.EXITED, ProgramState.FATAL})


class PartFailedError(RuntimeError):
    """A part does not come up; the message carries the end of its log."""

    def __init__(self, directory: Path, part: str, what: str) -> None:
        """`what` completes a sentence that starts with the name of the part."""
        log = log_of(directory, part)
        super().__init__(f"{part} {what}. The end of {log}:\n\n{log_tail(log)}")


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack whose supervisord answers."""

    directory: Path
    state: StackState
    supervisor: Supervisor

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of everything that supervisord keeps alive here: servers, then services."""
        return (*self.state.servers, *SERVICES)

    async def programs(self) -> dict[str, ProgramInfo]:
        """What supervisord says of each part."""
        return await asyncio.to_thread(self.supervisor.programs)

    async def start(self, part: str) -> None:
        """Start a part unless it runs, and return once it is ready; raises PartFailedError."""
        await asyncio.to_thread(self.supervisor.start, part)
        started = looked = time.monotonic()
        failed_starts: set[int] = set()
        while reason := await unready_reason(part, self.state):
            now = time.monotonic()
            if now - looked > _LOOK_SECONDS:
                looked = now
                program = (await self.programs())[part]
                if program.statename is ProgramState.BACKOFF:
                    failed_starts.add(program.start)
                if program.statename is ProgramState.FATAL or len(failed_starts) >= _FAILED_TRIES:
                    raise PartFailedError(self.directory, part, "ends again and again")
            if now - started > _READY_SECONDS:
                what = f"is not ready after {_READY_SECONDS:.0f} s ({reason})"
                raise PartFailedError(self.directory, part, what)
            await asyncio.sleep(_POLL_SECONDS)

    async def stop(self, parts: Iterable[str]) -> None:
        """Stop parts at the same time, each in its orderly way, and return once they have ended."""
        names = frozenset(parts)
        for name in names:
            await asyncio.to_thread(self.supervisor.stop, name)
        # supervisord kills what is left after the grace; a little longer is its own delay.
        deadline = time.monotonic() + GRACE_SECONDS + 5
        while running := names & {p.name for p in (await self.programs()).values() if p.statename not in _ENDED}:
            if time.monotonic() > deadline:
                raise ServerFailedError(f"{', '.join(sorted(running))} did not end; run `down` to end the whole stack")
            await asyncio.sleep(_POLL_SECONDS)


def find_stack(directory: Path) -> Stack | None:
    """The running stack in `directory`, or None."""
    state = load(directory)
    if state is None:
        return None
    supervisor = Supervisor(state, directory)
    return Stack(directory, state, supervisor) if supervisor.is_running() else None

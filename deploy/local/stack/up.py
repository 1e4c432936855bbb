"""Bring a stack up, or find the one that is up and start what is missing in it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from deploy.local.broker import BrokerPorts, prepare_kafka
from deploy.local.database import prepare_postgres
from deploy.local.processes.command import Command, CommandFailedError
from deploy.local.processes.leftovers import MARK, end_all
from deploy.local.stack.autodev_command import Autodev, log_of
from deploy.local.stack.new_state import OwnServers, new_state
from deploy.local.stack.readiness import unready_reason
from deploy.local.stack.running import PartFailedError, Stack, find_stack
from deploy.local.stack.state import KAFKA, KAFKA_CONTROLLER, POSTGRES, SERVICES, StackState, load, save, write_private
from deploy.local.supervision.settings import Program, render
from deploy.local.supervision.supervisor import ProgramState, Supervisor
from deploy.local.terminal.progress import Progress

MIGRATIONS = "migrations"
TOPICS = "topics"
_T = TypeVar("_T")

STEPS = (POSTGRES, MIGRATIONS, KAFKA, TOPICS, *SERVICES)


@dataclass(frozen=True, slots=True)
class Ascent:
    """The way up of the stack in `directory`. Safe to repeat: what runs is left alone."""

    directory: Path
    own: OwnServers
    autodev: Autodev
    progress: Progress

    async def run(self) -> Stack:
        """Return the stack with every part ready; the caller holds its lock.

        Raises PartFailedError naming the part that does not come up, RuntimeError for what else is in the way.
        """
        stack = await asyncio.to_thread(find_stack, self.directory)
        if stack is None:
            stack = await self._launch()
        else:
            self.own.check(stack.state)
        if any(program.statename is not ProgramState.RUNNING for program in (await stack.programs()).values()):
            await _together(
                self._serve(stack, POSTGRES, MIGRATIONS, self.autodev.migrate),
                self._serve(stack, KAFKA, TOPICS, self.autodev.apply_topics),
            )
        await _together(*(self._start(stack, service) for service in SERVICES))
        return stack

    async def _launch(self) -> Stack:
        # What a crashed supervisord left behind holds ports and data directories.
        await asyncio.to_thread(end_all, self.directory, patience=0.0)
        state = new_state(self.directory, self.own, load(self.directory))
        (self.directory / "logs").mkdir(parents=True, exist_ok=True)
        servers = await _together(*(self._prepare(server, state) for server in state.servers))
        services = [Program(name, self.autodev.run(name, state.ports[name])) for name in SERVICES]
        write_private(self.directory / "supervisord.conf", render([*servers, *services], state, self.directory))
        supervisor = Supervisor(state, self.directory)
        await asyncio.to_thread(supervisor.launch, {**state.environment, MARK: str(self.directory)})
        save(self.directory, state)
        return Stack(self.directory, state, supervisor)

    async def _prepare(self, server: str, state: StackState) -> Program:
        with self.progress.working(server):
            if server == KAFKA:
                ports = BrokerPorts(state.ports[KAFKA], state.ports[KAFKA_CONTROLLER])
                command = await asyncio.to_thread(prepare_kafka, self.directory / KAFKA, ports, self._downloading)
            else:
                command = await asyncio.to_thread(prepare_postgres, state.postgres_directory, state.ports[POSTGRES])
        return Program(server, command)

    def _downloading(self, done: int, total: int) -> None:
        self.progress.detail(KAFKA, f"downloading, {done} of {total} jars (the first time only)")

    async def _serve(self, stack: Stack, server: str, step: str, then: Command) -> None:
        if server in stack.parts:
            await self._start(stack, server)
        else:
            await self._find_own(stack, server)
        with self.progress.finishing(step):
            command = replace(then, environment={**then.environment, **stack.state.environment})
            log = log_of(self.directory, step)
            try:
                log.write_text(await asyncio.to_thread(command.run))
            except CommandFailedError as error:
                log.write_text(str(error))
                raise PartFailedError(self.directory, step, "failed") from error

    async def _start(self, stack: Stack, part: str) -> None:
        with self.progress.finishing(part):
            await stack.start(part)

    async def _find_own(self, stack: Stack, server: str) -> None:
        with self.progress.finishing(server):
            if reason := await unready_reason(server, stack.state):
                raise RuntimeError(f"your own {server} cannot be used: {reason}. Is its address right?")


async def _together(*steps: Coroutine[None, None, _T]) -> list[_T]:
    """Do all steps at once; if one fails, cancel the others and raise its error alone."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(step) for step in steps]
    except* Exception as errors:  # noqa: BLE001 - raised again below, without its group
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]

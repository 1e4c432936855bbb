"""The agents on stage, and whoever listens to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from examples.flights.demo.agent_process import AgentProcess
from examples.flights.demo.screen import Screen
from examples.flights.demo.topics import following
from examples.flights.demo.watch import Watch


@dataclass
class Cast:
    """Agents of one tenant. An agent that ends by itself ends the demo."""

    screen: Screen
    environment: Mapping[str, str]
    logs: Path
    tasks: asyncio.TaskGroup
    on_stage: list[AgentProcess] = field(default_factory=list)

    async def enter(self, name: str, *options: str) -> Watch:
        """Start an agent and watch it."""
        agent = await AgentProcess.start(name, self.environment, self.logs / f"{name}.log", *options)
        self.on_stage.append(agent)
        watch = Watch(agent, self.screen)
        self.tasks.create_task(watch.follow())
        return watch

    @asynccontextmanager
    async def audience(self, watch: Watch) -> AsyncIterator[None]:
        """Let `watch` hear what goes over the topics while the block runs."""
        tenant = self.environment["AUTODEV_TENANT"]
        async with following(self.environment["AUTODEV_KAFKA__BOOTSTRAP_SERVERS"], tenant) as events:

            async def listen() -> None:
                async for event in events:
                    watch.told(event)

            listening = self.tasks.create_task(listen())
            try:
                yield
            finally:
                listening.cancel()


@asynccontextmanager
async def stage(screen: Screen, environment: Mapping[str, str], logs: Path) -> AsyncIterator[Cast]:
    """An empty stage; whoever is still on it at the end is asked to leave."""
    async with asyncio.TaskGroup() as tasks:
        cast = Cast(screen, environment, logs, tasks)
        try:
            yield cast
        finally:
            await asyncio.gather(*(agent.stop() for agent in cast.on_stage))

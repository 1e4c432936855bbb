"""Partitions that move between two processes: since one joins or leaves, or since one stood still for too long."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from autodev.events.catalogue import SUBSCRIPTIONS
from tests.chaos.faults.fault import FromOutside
from tests.chaos.running import Running

FIRST = tuple(SUBSCRIPTIONS)
SECOND = tuple(f"{name}-2" for name in FIRST)
BEYOND_THE_SESSION = 13.0
"""Seconds; a group gives up a member that it has not heard of for 10."""


@dataclass(frozen=True)
class Rebalances(FromOutside):
    """A second replica of every service joins and leaves in the middle of batches; then the first one does."""

    name: str = "rebalances"

    async def strike(self, running: Running, chance: random.Random) -> None:
        keeper, installation = running.keeper, running.installation
        keeper.start(*SECOND)
        await installation.ready(*SECOND)
        for leaving in (FIRST, SECOND):
            for name in chance.sample(leaving, len(leaving)):
                await asyncio.to_thread(keeper.stop, name)
                await asyncio.sleep(chance.uniform(0.0, 0.5))
            if leaving is FIRST:
                keeper.start(*FIRST)
                await installation.ready(*FIRST)


@dataclass(frozen=True)
class Zombies(FromOutside):
    """Every service stands still beyond its session, while a replica takes over or nobody does, and goes on."""

    name: str = "zombies"
    replicas: tuple[str, ...] = SECOND

    async def strike(self, running: Running, chance: random.Random) -> None:
        keeper, installation = running.keeper, running.installation
        keeper.start(*self.replicas)
        await installation.ready(*self.replicas)
        await asyncio.gather(*(self._freeze(running, name, chance.uniform(0.5, 4.0)) for name in FIRST))
        await installation.ready(*FIRST)
        for name in self.replicas:
            await asyncio.to_thread(keeper.stop, name)

    async def _freeze(self, running: Running, name: str, after: float) -> None:
        await asyncio.sleep(after)
        running.installation.pause(name)
        await asyncio.sleep(BEYOND_THE_SESSION)
        running.installation.resume(name)

"""All at once, for a run that has to be short."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autodev.events.catalogue import SUBSCRIPTIONS
from autodev.stream.steps import Step
from tests.chaos.running import Running
from tests.chaos.service import dies_at


@dataclass(frozen=True)
class KillEverything:
    """Every service dies at a step, then broker and database crash in turn, then all services at one moment."""

    name: str = "kill everything"

    def environment(self, process: str, deaths: int) -> Mapping[str, str]:
        steps = (Step.POLLED, Step.IN_TRANSACTION, Step.TRANSACTED)
        return {} if deaths else dies_at(steps[list(SUBSCRIPTIONS).index(process) % len(steps)], 1)

    async def strike(self, running: Running, chance: random.Random) -> None:
        for server in (running.servers.kafka, running.servers.postgres):
            await asyncio.sleep(chance.uniform(0.5, 2.0))
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
        running.keeper.kill(*SUBSCRIPTIONS)

    def notes(self, _deaths: Counter[str]) -> Sequence[str]:
        return ()

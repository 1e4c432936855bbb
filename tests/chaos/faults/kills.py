"""kill -9 at random moments, and at each named step of delivery."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from autodev.stream.steps import Step
from tests.chaos.faults.fault import FromOutside
from tests.chaos.running import Part, Running
from tests.chaos.service import dies_at


@dataclass(frozen=True)
class Undisturbed(FromOutside):
    """No fault at all: shows what two runs agree on that nothing disturbed."""

    name: str = "undisturbed"

    async def strike(self, _running: Running, _chance: random.Random) -> None:
        return


@dataclass(frozen=True)
class RandomKills(FromOutside):
    """One service dies again and again, at moments that nobody chose."""

    service: str
    kills: int = 3
    """In each part of the workload."""
    longest_life: float = 2.0

    @property
    def name(self) -> str:
        return f"kill {self.service} at random"

    async def strike(self, running: Running, chance: random.Random) -> None:
        for _ in range(self.kills):
            await asyncio.sleep(chance.uniform(0.1, self.longest_life))
            running.keeper.kill(self.service)
            await asyncio.sleep(0.5)
            await running.installation.ready(self.service)


ORDERS: Final = (*Step, None, Step.IN_TRANSACTION, Step.TRANSACTED)
"""At which step each life ends: at every one in turn, while agents fail; the next ends from outside when promoted
versions are tried, and then two at the steps at which a report might be counted not at all or twice."""


@dataclass(frozen=True)
class KillsAtSteps:
    """One service dies at every named step in turn, at the first to third passage of each life."""

    service: str
    seed: int

    @property
    def name(self) -> str:
        return f"kill {self.service} at each step"

    def environment(self, process: str, deaths: int) -> Mapping[str, str]:
        order = ORDERS[deaths] if process == self.service and deaths < len(ORDERS) else None
        if order is None:
            return {}
        # Some services have little to do in the end, and pass few steps.
        last = 3 if deaths < len(Step) else 1
        return dies_at(order, random.Random(f"{self.seed} {process} {deaths}").randint(1, last))

    async def strike(self, running: Running, _chance: random.Random) -> None:
        """The process does it, but for the one death from outside."""
        if running.part is Part.AFTERMATH and running.keeper.deaths[self.service] == len(Step):
            running.keeper.kill(self.service)

    def notes(self, deaths: Counter[str]) -> Sequence[str]:
        missed = [order for order in ORDERS[deaths[self.service] :] if order]
        return [f"{self.service} never reached {', '.join(missed)}"] if missed else []

"""kill -9 at random moments, and at each named step of delivery."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autodev.stream.steps import Step
from tests.chaos.faults.fault import FromOutside
from tests.chaos.running import Running
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
    """In each half."""
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


@dataclass(frozen=True)
class KillsAtSteps:
    """One service dies at every named step in turn, at the first to third passage of each life."""

    service: str
    seed: int

    @property
    def name(self) -> str:
        return f"kill {self.service} at each step"

    def environment(self, process: str, deaths: int) -> Mapping[str, str]:
        steps = list(Step)
        if process != self.service or deaths >= len(steps):
            return {}
        return dies_at(steps[deaths], random.Random(f"{self.seed} {process} {deaths}").randint(1, 3))

    async def strike(self, running: Running, _chance: random.Random) -> None:
        """Nothing from outside: the process does it."""

    def notes(self, deaths: Counter[str]) -> Sequence[str]:
        missed = list(Step)[deaths[self.service] :]
        return [f"{self.service} never reached {', '.join(missed)}"] if missed else []

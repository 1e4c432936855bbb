"""Wall clocks that jump.

What jumps is the clock that the services read, in each process by another amount, there and back. It stays within the
five minutes that ingestion bears between an agent's clock and its own. The clocks of broker and database stay, and
monotonic ones can't jump. Reports from further ahead or from long ago are refused, which the tests of ingestion show.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autodev.events.catalogue import SUBSCRIPTIONS
from tests.chaos.running import Running
from tests.chaos.service import clock_of, set_clock

FURTHEST_SECONDS = 270.0
JUMPS = 6


@dataclass(frozen=True)
class JumpingClocks:
    directory: Path
    name: str = "jumping clocks"

    def environment(self, process: str, _deaths: int) -> Mapping[str, str]:
        return clock_of(self.directory / process)

    async def strike(self, _running: Running, chance: random.Random) -> None:
        for _ in range(JUMPS):
            for name in SUBSCRIPTIONS:
                set_clock(self.directory / name, chance.uniform(-FURTHEST_SECONDS, FURTHEST_SECONDS))
            await asyncio.sleep(chance.uniform(0.2, 1.5))

    def notes(self, _deaths: Counter[str]) -> Sequence[str]:
        return ()

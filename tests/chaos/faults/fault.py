"""What every fault is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from tests.chaos.running import Running


class Fault(Protocol):
    @property
    def name(self) -> str: ...

    def environment(self, process: str, deaths: int) -> Mapping[str, str]:
        """What a service that has died so often is started with, beside what it needs."""

    async def strike(self, running: Running, chance: random.Random) -> None:
        """Disturb while a part of the workload is in flight; everything runs again when this returns.

        Called once for each half and once for what follows promotions.
        """

    def notes(self, deaths: Counter[str]) -> Sequence[str]:
        """What was not as meant, such as a step that no process reached."""


class FromOutside:
    """A fault that needs no help from within the services."""

    def environment(self, _process: str, _deaths: int) -> Mapping[str, str]:
        return {}

    def notes(self, _deaths: Counter[str]) -> Sequence[str]:
        return ()

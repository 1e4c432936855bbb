"""What a supervisor does: a service that ended is started again, unless it was told to stay away."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.e2e.installation import Installation

LOOK_SECONDS = 0.1
Environment = Callable[[str, int], Mapping[str, str]]
"""(process, how often it has died) → what to start it with."""


def nothing(_name: str, _deaths: int) -> Mapping[str, str]:
    return {}


@dataclass
class Keeper:
    installation: Installation
    environment: Environment = nothing
    deaths: Counter[str] = field(default_factory=Counter)
    """Ends that nobody asked for, and kills, by process."""
    failures: Counter[str] = field(default_factory=Counter)
    """Ends with an exit code of its own that says that something failed, in words."""
    _away: set[str] = field(default_factory=set)

    def start(self, *names: str) -> None:
        for name in names:
            self._away.discard(name)
            self.installation.start(name, **self.environment(name, self.deaths[name]))

    def kill(self, *names: str) -> None:
        """kill -9; it comes back as after any other death."""
        for name in names:
            self.installation.processes[name].kill()

    def stop(self, *names: str) -> None:
        """As an operator does; it stays away."""
        self._away.update(names)
        for name, code in zip(names, self.installation.stop(*names), strict=True):
            self._note(name, code)

    async def run(self) -> None:
        """Restart what ended, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for name, process in list(self.installation.processes.items()):
                code = process.poll()
                if code is not None and name not in self._away:
                    self.deaths[name] += 1
                    self._note(name, code)
                    self.start(name)

    def _note(self, name: str, code: int) -> None:
        if code > 0:
            self.failures[f"{name} ended with {code}"] += 1

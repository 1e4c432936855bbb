"""How the services and one-shot steps of a stack are called."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local.processes.command import Command


@dataclass(frozen=True, slots=True)
class Autodev:
    """The command line `autodev`, as the stack calls it."""

    argv: tuple[str, ...] = (sys.executable, "-m", "autodev")

    @property
    def migrate(self) -> Command:
        """Bring the database's schema up to date."""
        return Command((*self.argv, "db", "upgrade"))

    @property
    def apply_topics(self) -> Command:
        """Create the topics that are missing."""
        return Command((*self.argv, "topics", "apply"))

    def run(self, service: str, port: int) -> Command:
        """Run one service, its HTTP interface on `port`."""
        return Command((*self.argv, "run", service), {"AUTODEV_HTTP__PORT": str(port)})


def log_of(directory: Path, part: str) -> Path:
    """Where a part of the stack in `directory` writes its log."""
    return directory / "logs" / f"{part}.log"

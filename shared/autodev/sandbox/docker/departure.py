"""Learning how a container ended, which the daemon forgets at once."""

from __future__ import annotations

from threading import Event, Thread

from autodev.sandbox.docker.daemon import Daemon


class Departure(Thread):
    """Waits for a container's removal, from before it could happen: afterwards nobody knows how it ended."""

    def __init__(self, daemon: Daemon, container: str) -> None:
        super().__init__(name="sandbox-departure", daemon=True)
        self.over = Event()
        self.status: int | None = None
        self._daemon = daemon
        self._container = container
        self.start()

    def run(self) -> None:
        self.status = self._daemon.removed(self._container)
        self.over.set()

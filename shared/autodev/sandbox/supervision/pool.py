"""Isolations started ahead, each for one job: what a job waits for is its program, not its walls."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from threading import Condition, Lock
from typing import Final

import structlog

from autodev.sandbox.errors import SandboxError
from autodev.sandbox.policy import Policy
from autodev.sandbox.supervision.isolation import Isolation, Launcher

log = structlog.get_logger(__name__)

IDLE_SECONDS: Final = 600.0
"""After which one that nobody took is replaced."""
SHAPES: Final = 4
"""Kinds of policies that isolations are kept for; beyond these, the one asked for longest ago is given up."""
STARTERS: Final = 2

Idle = deque[tuple[float, Isolation]]


class WarmPool:
    """Keeps `size` isolations for each of the shapes asked for last. None is ever used twice."""

    def __init__(self, launcher: Launcher, size: int) -> None:
        self._launcher = launcher
        self._size = size
        self._idle: dict[Hashable, Idle] = {}
        """By shape, the one asked for longest ago first."""
        self._starting: dict[Hashable, int] = {}
        self._lock = Lock()
        self._changed = Condition(self._lock)
        self._closed = False
        # Threads of its own, which last: an isolation dies with the thread that started it.
        self._starters = ThreadPoolExecutor(STARTERS, thread_name_prefix="sandbox-warm")

    def take(self, policy: Policy) -> Isolation:
        """One that waits, else a new one. The caller ends it, and has the pool refilled once it gave it its job.

        Raises:
            IsolationUnavailable: none could be made.
        """
        taken = self._waiting(self._launcher.shape(policy)) if self._size else None
        return taken or self._launcher.launch(policy)

    def refill(self, policy: Policy) -> None:
        """Begin to start what is missing for the shape of `policy`. Returns at once."""
        if not self._size:
            return
        shape = self._launcher.shape(policy)
        with self._lock:
            if self._closed:
                return
            idle = self._idle.pop(shape, Idle())
            self._idle[shape] = idle
            given_up = self._old(idle)
            if len(self._idle) > SHAPES:
                given_up += [isolation for _, isolation in self._idle.pop(next(iter(self._idle)))]
            missing = self._size - len(idle) - self._starting.get(shape, 0)
            if missing > 0:
                self._starting[shape] = self._starting.get(shape, 0) + missing
        for _ in range(missing):
            self._starters.submit(self._start, policy, shape)
        for isolation in given_up:
            self._starters.submit(isolation.end)

    def wait_for(self, policy: Policy) -> None:
        """Block until one waits for `policy`, or none is about to."""
        shape = self._launcher.shape(policy)
        with self._changed:
            while not self._idle.get(shape) and self._starting.get(shape, 0) and not self._closed:
                self._changed.wait()

    def close(self) -> None:
        """End all that wait, and start no more."""
        with self._lock:
            self._closed = True
            given_up = [isolation for idle in self._idle.values() for _, isolation in idle]
            self._idle.clear()
        self._starters.shutdown(wait=True, cancel_futures=True)
        for isolation in given_up:
            isolation.end()

    def _waiting(self, shape: Hashable) -> Isolation | None:
        while True:
            with self._lock:
                idle = self._idle.get(shape)
                if not idle:
                    return None
                _, isolation = idle.popleft()
            if isolation.alive:
                return isolation
            isolation.end()

    def _old(self, idle: Idle) -> list[Isolation]:
        until = time.monotonic() - IDLE_SECONDS
        old = []
        while idle and idle[0][0] < until:
            old.append(idle.popleft()[1])
        return old

    def _start(self, policy: Policy, shape: Hashable) -> None:
        isolation = None
        try:
            isolation = self._launcher.launch(policy)
        except SandboxError as error:  # whoever needs one tries again, and is told
            log.warning("isolation_not_started", engine=self._launcher.name, reason=str(error))
        finally:
            with self._lock:
                self._starting[shape] -= 1
                self._changed.notify_all()
                kept = isolation is not None and not self._closed and shape in self._idle
                if kept and isolation is not None:
                    self._idle[shape].append((time.monotonic(), isolation))
        if isolation is not None and not kept:
            isolation.end()

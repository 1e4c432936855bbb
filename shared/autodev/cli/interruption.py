"""Ctrl-C on a command that can end early with what it has; a second one ends it at once."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

EXIT_CODE: Final = 128 + signal.SIGINT
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Whether the command was asked to end; SIGTERM asks as Ctrl-C does."""

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def heard(self, promise: str) -> Iterator[None]:
        """Within, the first signal is noted and `promise` is said on stderr; the second cancels the task that runs."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def hear() -> None:
            if self.asked:
                task.cancel()
                return
            self.asked = True
            sys.stderr.write(f"\nautodev: {promise}; again ends at once\n")
            sys.stderr.flush()

        before = {number: signal.getsignal(number) for number in _SIGNALS}
        for number in _SIGNALS:
            loop.add_signal_handler(number, hear)
        try:
            yield
        finally:
            for number, handler in before.items():
                loop.remove_signal_handler(number)
                signal.signal(number, handler)

"""A search as it runs, on stderr: nothing of it is in the way of what comes out on stdout."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from autodev.repair.search.searching import Progress

_EVERY_SECONDS: Final = 1.0
"""Where nobody looks at a terminal; there one line is written over and over."""


class Shown:
    def __init__(self) -> None:
        self._began = time.monotonic()
        self._terminal = sys.stderr.isatty()
        self._last = -_EVERY_SECONDS

    def __call__(self, progress: Progress) -> None:
        seconds = time.monotonic() - self._began
        if not self._terminal and seconds - self._last < _EVERY_SECONDS:
            return
        self._last = seconds
        text = (
            f"{seconds:5.1f} s  {progress.evaluated} candidates, best {progress.best:.0%} of the cases, "
            f"{progress.plausible} right on all"
        )
        sys.stderr.write(f"\r{text}\x1b[K" if self._terminal else f"{text}\n")
        sys.stderr.flush()

    def end(self) -> None:
        if self._terminal:
            sys.stderr.write("\n")

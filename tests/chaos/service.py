"""Runs one service as `autodev run` does, after arranging for what a fault does from within: `python -m … NAME`."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from autodev.events.models import base
from autodev.stream.steps import Observer, Step, observe

COMMAND: Final = (sys.executable, "-m", "tests.chaos.service")
DIE_AT: Final = "AUTODEV_CHAOS_DIE_AT"
"""`step:passage`: kill -9 when that step is passed for that time."""
CLOCK: Final = "AUTODEV_CHAOS_CLOCK"
"""A file that says by how many seconds the wall clock is wrong now."""


def dies_at(step: Step, passage: int) -> Mapping[str, str]:
    """The environment of a process that dies at the `passage`-th time (from 1) that it reaches `step`."""
    return {DIE_AT: f"{step}:{passage}"}


def clock_of(path: Path) -> Mapping[str, str]:
    """The environment of a process whose wall clock is wrong by what `path` says."""
    return {CLOCK: str(path)}


def set_clock(path: Path, seconds: float) -> None:
    """Put that clock wrong by `seconds` from now on."""
    written = path.with_suffix(".new")
    written.write_text(str(seconds))
    written.replace(path)


def _assassin(order: str) -> Observer:
    step, _, passage = order.partition(":")
    wanted, left = Step(step), int(passage)

    def watch(reached: Step) -> None:
        nonlocal left
        if reached is wanted:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return watch


def _wrong_clock(right: Callable[[], datetime], path: Path) -> Callable[[], datetime]:
    def utc_now() -> datetime:
        return right() + timedelta(seconds=float(path.read_text()) if path.exists() else 0.0)

    return utc_now


def _put_wrong(path: Path) -> None:
    """Replace the one clock of the services' code, also where it has been imported by name already."""
    right = base.utc_now
    wrong = _wrong_clock(right, path)
    for module in list(sys.modules.values()):
        if getattr(module, "utc_now", None) is right:
            module.utc_now = wrong  # type: ignore[attr-defined]  # the one that was just found


def main() -> None:
    if order := os.environ.get(DIE_AT):
        observe(_assassin(order))
    if path := os.environ.get(CLOCK):
        _put_wrong(Path(path))
    importlib.import_module(f"services.{sys.argv[1]}.app").main()


if __name__ == "__main__":
    main()

"""Runs one service as `autodev run` does, after arranging for what a fault does from within: `python -m … NAME`."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Mapping
from typing import Final

from autodev.stream.steps import Observer, Step, observe

COMMAND: Final = (sys.executable, "-m", "tests.chaos.service")
DIE_AT: Final = "AUTODEV_CHAOS_DIE_AT"
"""`step:passage`: kill -9 when that step is passed for that time."""


def dies_at(step: Step, passage: int) -> Mapping[str, str]:
    """The environment of a process that dies at the `passage`-th time (from 1) that it reaches `step`."""
    return {DIE_AT: f"{step}:{passage}"}


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


def main() -> None:
    if order := os.environ.get(DIE_AT):
        observe(_assassin(order))
    importlib.import_module(f"services.{sys.argv[1]}.app").main()


if __name__ == "__main__":
    main()

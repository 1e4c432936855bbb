"""Calls a tool as an agent does: a failure is counted, and the work goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from examples.flights.messages import Counts
from examples.flights.toolbox import Arguments


@dataclass
class Tally:
    """Counts while they grow."""

    calls: int = 0
    raised: int = 0
    refused: int = 0
    nones: int = 0

    def count(self, function: Callable[..., Any], check: Callable[..., bool], arguments: Arguments) -> None:
        """Call `function`, and count how that ends."""
        self.calls += 1
        try:
            result = function(*arguments)
        except Exception:  # noqa: BLE001 - a tool that fails must not stop the agent's work
            self.raised += 1
            return
        if not check(result, *arguments):
            self.refused += 1
        elif result is None:
            self.nones += 1

    def counts(self) -> Counts:
        return Counts(calls=self.calls, raised=self.raised, refused=self.refused, nones=self.nones)

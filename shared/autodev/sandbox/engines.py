"""The engines there are, by the names that people and settings give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from autodev.sandbox.bubblewrap.engine import BubblewrapEngine
from autodev.sandbox.canary import CapabilityReport, ControlResult, examine
from autodev.sandbox.engine import Engine
from autodev.sandbox.errors import IsolationUnavailable

ENGINES: Final[Mapping[str, Callable[[], Engine]]] = {BubblewrapEngine.name: BubblewrapEngine}
"""Strongest first."""


async def examine_named(name: str) -> CapabilityReport:
    """What the engine called `name` promises, tried here and now. One that can't be made has one control, not held."""
    try:
        return await examine(ENGINES[name]())
    except IsolationUnavailable as error:
        return CapabilityReport(
            name, (ControlResult(error.control, held=False, evidence=error.reason, remedy=error.remedy),), 0.0
        )

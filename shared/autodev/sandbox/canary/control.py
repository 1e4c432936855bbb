"""A promise of the isolation, and how it is seen to hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autodev.sandbox.policy import Policy
from autodev.sandbox.report import CallFacts

Judge = Callable[[CallFacts], str | None]
"""What is wrong with the canary's facts; None if the control holds."""


@dataclass(frozen=True, slots=True)
class Control:
    name: str
    program: str
    """Function of the hostile module that tries to break it."""
    judge: Judge
    remedy: str
    arguments: tuple[Any, ...] = ()
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class ControlResult:
    name: str
    held: bool
    evidence: str
    remedy: str
    """What to do where it is not held."""

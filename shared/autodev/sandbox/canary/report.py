"""Which promises an engine keeps on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from autodev.sandbox.canary.control import ControlResult
from autodev.sandbox.errors import IsolationUnavailable


@dataclass(frozen=True, slots=True)
class CapabilityReport:
    engine: str
    controls: tuple[ControlResult, ...]
    seconds: float

    @property
    def proven(self) -> bool:
        return all(control.held for control in self.controls)

    def require(self) -> None:
        """Raises `IsolationUnavailable` for the first control that is not held."""
        for control in self.controls:
            if not control.held:
                raise IsolationUnavailable(control.name, control.evidence, control.remedy)

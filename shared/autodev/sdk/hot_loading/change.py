"""The news that a skill of this process runs another version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A skill runs another version from now on."""

    skill: str
    version: str | None
    """None: the promoted version was withdrawn or does not fit, and the original runs again."""
    loaded_at: datetime
    promoted_at: datetime | None = None
    first_failure_at: datetime | None = None
    """When the failure happened that this version repairs."""

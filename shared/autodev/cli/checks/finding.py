"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    OK = "ok"
    UNKNOWN = "unknown"
    """Could not be looked at, since something before it is missing."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    health: Health
    detail: str
    next_step: str = ""

"""What a call came to, as far as a search cares."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from autodev import values


class Kind(StrEnum):
    RETURNED = "returned"
    RAISED = "raised"
    STOPPED = "stopped"
    """It took too long, too much memory, or died."""


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: Kind
    value: object = None
    """Of a call that returned."""
    error: str = ""
    """The exception's class, or why it was stopped."""
    message: str = ""
    at: str = ""
    """The statement that raised, where that is known."""

    @property
    def returned(self) -> bool:
        return self.kind is Kind.RETURNED

    @property
    def mark(self) -> str:
        """Equal for outcomes that nobody needs to tell apart: an exception's message and place say nothing here."""
        if not self.returned:
            return f"{self.kind}:{self.error}"
        return json.dumps(values.encode(self.value), sort_keys=True)

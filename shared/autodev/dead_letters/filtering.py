"""Which letters are meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from autodev.dead_letters.letter import Letter


@dataclass(frozen=True)
class Filter:
    """What is None or empty does not restrict."""

    topics: frozenset[str] = frozenset()
    """Of the original record."""
    tenant: str | None = None
    error_class: str | None = None
    contains: str | None = None
    """Somewhere in the key, the value or the reason."""
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""

    def matches(self, letter: Letter) -> bool:
        return (
            (not self.topics or (letter.origin is not None and letter.origin.topic in self.topics))
            and (self.tenant is None or letter.tenant == self.tenant)
            and (self.error_class is None or letter.error_class == self.error_class)
            and (self.contains is None or _contains(letter, self.contains))
            and (self.since is None or letter.time >= self.since)
            and (self.until is None or letter.time < self.until)
        )


def _contains(letter: Letter, text: str) -> bool:
    sought = text.encode("utf-8", "surrogateescape")  # as the command line gives bytes that are no text
    parts = (letter.record.key or b"", letter.record.value or b"")
    return text in letter.reason or any(sought in part for part in parts)

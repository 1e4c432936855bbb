"""What a rebuild has done so far, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Progress:
    """Counts while it runs."""

    records_in_topics: int = 0
    records: int = 0
    """Taken so far."""
    place: str = ""
    """The last of them, as ``topic[partition]@offset``."""


@dataclass(frozen=True)
class Report:
    """The rebuilt tables beside the topics."""

    service: str
    records: int
    """Of the topics that were taken again."""
    left: int
    """Records that the service had not handled; it takes them when it starts."""
    events: int
    """In the inbox now."""
    rows: Mapping[str, int]
    """Of each table that was made again."""
    relayed: int
    """Rows that waited in the outbox and went out first."""
    emissions: int
    """Events that the handlers emitted again."""
    on_topics: int
    """Those of them that are on their topics, and so do not go out again."""
    differing: int
    """Those of them that say something else there."""
    to_send: int
    """Events that had never got out, in the outbox now."""
    seconds: float
    warnings: Sequence[str] = field(default_factory=tuple)
    """What is lost, or not as it was."""
    committed: bool = False
    """Whether the tables hold it; else they are as they were."""

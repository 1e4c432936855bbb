"""Which events of a batch are new, which have been handled, and which use another's id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autodev.events.envelope import Event

Identity = tuple[str, str]
"""Source and id of an event."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it came, with the digest of what it says; None where that proves nothing."""

    event: Event[Any]
    digest: bytes | None = None

    @property
    def identity(self) -> Identity:
        return self.event.source, self.event.id


@dataclass(frozen=True, slots=True)
class Handled:
    """What is known of an event that was admitted before."""

    digest: bytes | None
    at: datetime

    def is_contradicted_by(self, arrival: Arrival) -> bool:
        return None not in (self.digest, arrival.digest) and self.digest != arrival.digest


@dataclass(frozen=True, slots=True)
class Admission:
    """What `arrivals` are: new, or conflicting, or else handled before."""

    new: Sequence[Event[Any]]
    """In order of arrival."""
    conflicting: Mapping[int, datetime]
    """Index of each arrival that says other than the first event of its id → when that one was admitted."""


def firsts(arrivals: Iterable[Arrival]) -> dict[Identity, Arrival]:
    """The first arrival of each identity, in order."""
    found: dict[Identity, Arrival] = {}
    for arrival in arrivals:
        found.setdefault(arrival.identity, arrival)
    return found


def admit(arrivals: Sequence[Arrival], handled: Mapping[Identity, Handled], now: datetime) -> Admission:
    """Decide over `arrivals`, given what had been `handled` before them. Of two in one batch the first wins."""
    known = dict(handled)
    new = []
    conflicting = {}
    for index, arrival in enumerate(arrivals):
        before = known.get(arrival.identity)
        if before is None:
            known[arrival.identity] = Handled(arrival.digest, now)
            new.append(arrival.event)
        elif before.is_contradicted_by(arrival):
            conflicting[index] = before.at
    return Admission(new, conflicting)

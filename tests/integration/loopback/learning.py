"""Proposals, a stand-in for the sandbox, and fitness: each reads what the others publish."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from autodev.events.catalogue import SUBSCRIPTIONS
from autodev.events.envelope import Event
from autodev.events.models.base import EventData
from autodev.events.models.search import CandidatesProposed
from tests.integration.loopback import guest
from tests.integration.loopback.installed import Installed

D = TypeVar("D", bound=EventData)


@dataclass
class Learning:
    services: Mapping[str, Installed]
    log: list[Event[Any]] = field(default_factory=list)
    """All that was said, in order."""

    async def say(self, *events: Event[Any]) -> None:
        """Publish `events` and all that follows from them, until everyone is quiet."""
        waiting = deque(events)
        while waiting:
            event = waiting.popleft()
            self.log.append(event)
            if isinstance(event.data, CandidatesProposed):
                waiting.append(guest.run(event.data))
            for name, service in self.services.items():
                if event.type.topic in SUBSCRIPTIONS[name]:
                    waiting.extend(await service.take(event))

    def said(self, kind: type[D]) -> list[D]:
        return [event.data for event in self.log if isinstance(event.data, kind)]

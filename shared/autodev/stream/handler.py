"""Handlers: events in, effects in the open transaction, emissions out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from autodev.events.envelope import Event
from autodev.events.models.base import EventData
from autodev.stream.emission import Emission

S = TypeVar("S")
S_contra = TypeVar("S_contra", contravariant=True)


class BatchHandler(Protocol[S_contra]):
    async def __call__(self, events: Sequence[Event[Any]], store: S_contra, /) -> Iterable[Emission]:
        """Handle new events of one partition, in order, within one transaction.

        Whatever it raises rolls the transaction back; the runtime then decides by class (autodev.stream.failures).
        It must have no effect outside the transaction, since it may run again.
        """


EventHandler = Callable[[Event[Any], S], Awaitable[Iterable[Emission]]]


def by_type(handlers: Mapping[type[EventData], EventHandler[S]]) -> BatchHandler[S]:
    """One handler for each event, chosen by the class of the event type's data; other types are passed over."""

    async def handle(events: Sequence[Event[Any]], store: S) -> Iterable[Emission]:
        emissions: list[Emission] = []
        for event in events:
            handler = handlers.get(event.type.data)
            if handler is not None:
                emissions.extend(await handler(event, store))
        return emissions

    return handle

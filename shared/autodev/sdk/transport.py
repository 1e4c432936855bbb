"""The ways to a broker, as the rest of the SDK sees them. One contract suite holds every implementation to this."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum
from typing import Literal, Protocol

from autodev.events.record import OutgoingRecord, Record
from autodev.sdk.settings import Settings


class Progress(Enum):
    CAUGHT_UP = "caught up"


CAUGHT_UP = Progress.CAUGHT_UP
"""In a stream of promotions: all that was there when the stream began has been seen."""

PromotionStream = AsyncGenerator[Record | Literal[Progress.CAUGHT_UP], None]
"""To be closed when done: it holds a connection."""


class UndeliveredError(Exception):
    """Some records were not acknowledged. They may have arrived all the same; sending them again does no harm."""

    def __init__(self, records: Sequence[OutgoingRecord], reason: str, *, refused: int = 0) -> None:
        super().__init__(f"{len(records)} records were not delivered: {reason}")
        self.records = tuple(records)
        self.reason = reason
        self.refused = refused
        """How many records before these the broker refused for good; they are not among them."""


class Subscription(Protocol):
    """Records of a consumer group, from its last commit on."""

    def batches(self) -> AsyncIterator[Sequence[Record]]:
        """Records as they come, in order within a partition; never ends by itself."""
        ...

    async def commit(self, records: Sequence[Record]) -> None:
        """These are done: the group does not see them again."""
        ...


class Transport(Protocol):
    """Used from one event loop only."""

    async def send(self, records: Sequence[OutgoingRecord]) -> int:
        """Returns when all are acknowledged, in order within a key, but for those that the broker refuses for good.

        How many these are is returned, and why is logged: sent again, they would be refused again.

        Raises:
            UndeliveredError: with those that were not, in order.
        """
        ...

    def promotions(self) -> PromotionStream:
        """All promotions and tombstones there are, then `CAUGHT_UP`, then each new one. Raises if to be begun anew."""
        ...

    def subscribe(self, topics: Sequence[str], group: str) -> AbstractAsyncContextManager[Subscription]:
        """Join a consumer group; a new group begins with the oldest record."""
        ...

    async def close(self) -> None:
        """Let go of all connections, in bounded time, whatever state they are in."""
        ...


OpenTransport = Callable[[Settings], Transport]
"""Makes a transport. Called on the loop that will use it, or before one runs; connects only when used."""

"""A batch of one partition: its events through the fold, the changed state saved, results emitted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.binary import InvalidRecordError
from autodev.events.envelope import Event
from autodev.stream.emission import Emission, emit
from services.analysis.domain.fold import closed_windows_needed, step
from services.analysis.domain.limits import unusable
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing
from services.analysis.store.loading import current_token, load, load_closed
from services.analysis.store.saving import save


def check(event: Event[Any]) -> None:
    """What the models can't know: an event has data here, and numbers that windows can hold."""
    if event.data is None:
        raise InvalidRecordError("data", "is missing: this topic has no tombstones")
    if wrong := unusable(event.data, event.time.timestamp()):
        raise InvalidRecordError(wrong.field, wrong.reason)


class PartitionFold:
    """The handler of one partition. Its state stays in memory between batches, and is loaded anew whenever the
    database says that it is not the one of the last committed transaction."""

    def __init__(self, partition: int, windowing: Windowing) -> None:
        self._partition = partition
        self._windowing = windowing
        self._kept: tuple[UUID, PartitionState] | None = None

    @property
    def state(self) -> PartitionState | None:
        """State after the last batch; None before the first one and while one is being handled."""
        return self._kept[1] if self._kept else None

    async def load(self, connection: AsyncConnection) -> None:
        """Have a state before the first batch comes, for whoever asks for `state`."""
        token = await current_token(connection, self._partition)
        if token is not None:
            self._kept = token, await load(connection, self._partition, self._windowing)

    async def __call__(self, events: Sequence[Event[Any]], store: AsyncConnection) -> Iterable[Emission]:
        token = await current_token(store, self._partition)
        kept, self._kept = self._kept, None
        if kept is not None and kept[0] == token:
            state = kept[1]
        else:
            state = await load(store, self._partition, self._windowing)
        inputs = [(event, event.data) for event in events if event.data is not None]
        needed = closed_windows_needed(state, [data for _, data in inputs])
        state.closed.update(await load_closed(store, self._partition, needed))
        emissions = [
            emit(result.data, event, case=result.case, event_id=result.event_id)
            for event, data in inputs
            for result in step(state, data)
        ]
        self._kept = await save(store, self._partition, state.take_changes(), token), state
        return emissions

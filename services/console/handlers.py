"""Events in, documents changed. The console answers no event with another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.stream.emission import Emission
from services.console import store
from services.console.domain.changes import changes_of


async def project(events: Sequence[Event[Any]], connection: AsyncConnection) -> Sequence[Emission]:
    await store.apply(connection, [change for event in events for change in changes_of(event)])
    return ()

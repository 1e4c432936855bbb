"""A generation in, its facts out."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.models.search import CandidatesProposed
from autodev.sandbox import IsolationUnavailable
from autodev.stream.emission import Emission, emit
from autodev.stream.failures import InfrastructureError
from autodev.stream.handler import EventHandler
from services.sandbox.domain.facts import executed
from services.sandbox.generation import GenerationRun
from services.sandbox.isolation import Isolation


def on_proposed(isolation: Isolation) -> EventHandler[AsyncConnection]:
    """Runs generations in `isolation`; without one they wait, since that is nothing the event could help."""

    async def handle(event: Event[CandidatesProposed], _connection: AsyncConnection) -> Iterable[Emission]:
        generation = event.data
        assert generation is not None
        try:
            engine = isolation.engine()
            run = GenerationRun(generation, engine, isolation.policy, isolation.slots, isolation.tenants)
            runs = await run.run()
        except IsolationUnavailable as error:
            raise InfrastructureError(str(error)) from error
        return [emit(executed(generation, engine.name, runs), event)]

    return handle

"""A generation in, its facts out."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.models.search import CandidatesProposed
from autodev.sandbox import IsolationUnavailable
from autodev.sandbox.audit import AuditError, on_behalf_of
from autodev.stream.emission import Emission, emit
from autodev.stream.failures import InfrastructureError
from autodev.stream.handler import EventHandler
from services.sandbox.domain.facts import executed
from services.sandbox.gatekeeper import Gatekeeper
from services.sandbox.generation import GenerationRun
from services.sandbox.isolation import Isolation
from services.sandbox.watching import Watching


def on_proposed(isolation: Isolation, gatekeeper: Gatekeeper) -> EventHandler[AsyncConnection]:
    """Runs generations in `isolation`; without it, or its audit log, they wait: nothing the event could help."""

    async def handle(event: Event[CandidatesProposed], _connection: AsyncConnection) -> Iterable[Emission]:
        generation = event.data
        assert generation is not None
        try:
            engine = isolation.engine()
            inspected = await gatekeeper.inspect(generation, engine.name, isolation.policy)
            run = GenerationRun(generation, engine, isolation.policy, isolation.slots, isolation.tenants, inspected)
            with on_behalf_of(generation.tenant_id):
                runs = await run.run()
                watching = Watching(generation, engine, isolation.policy, isolation.slots, isolation.tenants)
                runs = await watching.ways(runs)
        except (IsolationUnavailable, AuditError) as error:
            raise InfrastructureError(str(error)) from error
        return [emit(executed(generation, engine.name, runs), event)]

    return handle

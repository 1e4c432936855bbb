"""Wiring of the sandbox service."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any

from autodev.events.models.search import CandidatesProposed
from autodev.sandbox.engines import ENGINES
from autodev.service.context import Context
from autodev.service.member import reads
from autodev.service.process import Service, run_service
from autodev.stream.handler import by_type
from services.sandbox.auditing import audited
from services.sandbox.gatekeeper import Gatekeeper
from services.sandbox.handlers import on_proposed
from services.sandbox.isolation import Isolation
from services.sandbox.settings import SandboxSettings


def build(settings: SandboxSettings) -> Service:
    isolation = Isolation(settings.isolation.policy, settings.isolation.concurrency, settings.isolation.quota)
    handle = by_type({CandidatesProposed: on_proposed(isolation, Gatekeeper(settings.gate))})

    def background(context: Context) -> Sequence[Coroutine[Any, Any, None]]:
        context.readiness.require("isolation", lambda: isolation.trouble)
        chosen = settings.isolation
        makes = [partial(ENGINES[name], chosen.warm) for name in chosen.engines]
        return [isolation.prove(*(audited(make, settings.audit) for make in makes))]

    return Service(
        name="sandbox",
        join=reads(lambda _context: handle, admit=isolation.tenants.admit, max_records=1),  # one takes a second
        background=background,
        idle_in_transaction="300s",
    )


def main() -> None:
    settings = SandboxSettings()
    run_service(build(settings), settings)

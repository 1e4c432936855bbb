"""The service runs nothing before its engine has proved itself, and says why."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from autodev.events.envelope import new_event
from autodev.sandbox import Engine, IsolationUnavailable, Policy
from autodev.stream.failures import InfrastructureError
from services.sandbox.gatekeeper import Gatekeeper, GateSettings
from services.sandbox.handlers import on_proposed
from services.sandbox.isolation import Isolation
from tests.unit.sandbox.test_canary_judgement import ToldEngine
from tests.unit.sandbox_service.generations import generation


def missing() -> Engine:
    raise IsolationUnavailable("bubblewrap", "no bwrap on the PATH", "Install bubblewrap.")


async def proving_for_a_moment(isolation: Isolation, engine: Engine) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(0.3):
            await isolation.prove(lambda: engine, again_seconds=60)


async def test_before_the_canary_nothing_runs() -> None:
    isolation = Isolation(Policy(), 2)

    assert isolation.trouble == (
        "no isolation, nothing was run: canary failed: it has not finished yet. Wait some seconds."
    )
    with pytest.raises(IsolationUnavailable):
        isolation.engine()


async def test_an_engine_that_holds_its_promises_is_used() -> None:
    isolation, engine = Isolation(Policy(), 2), ToldEngine()

    await isolation.prove(lambda: engine)

    assert isolation.trouble is None
    assert isolation.engine() is engine


async def test_an_engine_that_breaks_a_promise_is_not() -> None:
    isolation = Isolation(Policy(), 2)

    await proving_for_a_moment(isolation, ToldEngine(environment=["SECRET"]))

    assert isolation.trouble is not None
    assert "empty environment failed: the guest reached SECRET" in isolation.trouble


async def test_an_engine_that_can_not_be_made_is_tried_again() -> None:
    isolation = Isolation(Policy(), 2)
    engines = iter([missing, missing, ToldEngine])
    troubles: list[str | None] = []

    def make() -> Engine:
        troubles.append(isolation.trouble)
        return next(engines)()

    await isolation.prove(make, again_seconds=0)

    assert (
        troubles[1:]
        == ["no isolation, nothing was run: bubblewrap failed: no bwrap on the PATH. Install bubblewrap."] * 2
    )
    assert isolation.trouble is None


async def test_without_isolation_a_generation_waits() -> None:
    handle = on_proposed(Isolation(Policy(), 2), Gatekeeper(GateSettings()))
    connection: object = None

    with pytest.raises(InfrastructureError, match="no isolation, nothing was run"):
        await handle(new_event(generation(), source="/test"), connection)  # type: ignore[arg-type]  # never reached


async def test_the_first_engine_that_keeps_its_promises_is_used() -> None:
    isolation, sound, other = Isolation(Policy(), 2), ToldEngine(), ToldEngine()

    await isolation.prove(missing, lambda: ToldEngine(environment=["SECRET"]), lambda: sound, lambda: other)

    assert isolation.engine() is sound


async def test_where_none_does_each_says_what_it_lacks() -> None:
    isolation = Isolation(Policy(), 2)

    with suppress(TimeoutError):
        async with asyncio.timeout(0.3):
            await isolation.prove(missing, lambda: ToldEngine(environment=["SECRET"]), again_seconds=60)

    assert isolation.trouble is not None
    assert "bubblewrap, empty environment failed" in isolation.trouble
    assert "no bwrap on the PATH; the guest reached SECRET" in isolation.trouble
    assert "Install bubblewrap. Or: " in isolation.trouble

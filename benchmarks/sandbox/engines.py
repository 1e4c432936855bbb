"""The engines to be measured: those whose canary holds here, and namespaces once more without control groups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from autodev.sandbox.canary import prove
from autodev.sandbox.engines import ENGINES, namespace_engine
from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.supervision.engine import SupervisedEngine

Make = Callable[[int], SupervisedEngine]
"""From how many isolations are kept started ahead."""


async def usable() -> Mapping[str, Make]:
    """By name. Those that do not work here are told on the way, and left out."""
    found: dict[str, Make] = {}
    candidates: dict[str, Make] = {"namespaces without groups": partial(namespace_engine, grouped=False), **ENGINES}
    for name, make in candidates.items():
        try:
            with closing(await asyncio.to_thread(make, 0)) as engine:
                await prove(engine)
        except IsolationUnavailable as error:
            print(f"sandbox: {name} is not measured: {error.reason}", flush=True)  # noqa: T201 - progress
        else:
            found[name] = make
    return found


@contextmanager
def closing(engine: SupervisedEngine) -> Iterator[SupervisedEngine]:
    try:
        yield engine
    finally:
        engine.close()

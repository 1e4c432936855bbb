"""The engines to be measured: those whose canary holds here, and namespaces once more without control groups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Final

from autodev.sandbox.canary import prove
from autodev.sandbox.engines import ENGINES, namespace_engine
from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.supervision.engine import SupervisedEngine

Make = Callable[[int], SupervisedEngine]
"""From how many isolations are kept started ahead."""


ALL: Final[Mapping[str, Make]] = {"namespaces without groups": partial(namespace_engine, grouped=False), **ENGINES}
ON_DOCKER: Final = frozenset(name for name in ALL if name.startswith("docker"))


async def usable(names: Iterable[str]) -> Mapping[str, Make]:
    """By name. Those that do not work here are told on the way, and left out."""
    found: dict[str, Make] = {}
    for name in names:
        make = ALL[name]
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

"""The engines there are, by the names that people and settings give them."""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import ExitStack
from functools import cache, partial
from typing import Final

from autodev.sandbox.canary import CapabilityReport, ControlResult, examine, prove
from autodev.sandbox.cgroups.available import NoGroups, groups_of
from autodev.sandbox.cgroups.group import Groups
from autodev.sandbox.engine import Engine
from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.gvisor.launcher import GvisorLauncher
from autodev.sandbox.labels import Owner, own_directory, this_process
from autodev.sandbox.namespaces.identity import Identity, guest_identity
from autodev.sandbox.namespaces.launcher import NamespaceLauncher
from autodev.sandbox.supervision.engine import SupervisedEngine
from autodev.sandbox.sweep import sweep


def namespace_engine(
    warm: int = 0,
    *,
    grouped: bool = True,
    identity: Callable[[], Identity] = guest_identity,
    bubblewrap: str | None = None,
) -> SupervisedEngine:
    """`warm`: isolations that it keeps started ahead. `grouped`: in control groups, where this process may make any.

    Raises:
        IsolationUnavailable: something it is made of is missing.
    """
    groups = _groups() if grouped else None
    directory = own_directory(_owner())
    return SupervisedEngine(
        NamespaceLauncher(directory, bubblewrap=bubblewrap, identity=identity, groups=groups), warm=warm
    )


def gvisor_engine(warm: int = 0) -> SupervisedEngine:
    """`warm`: isolations that it keeps started ahead.

    Raises:
        IsolationUnavailable: something it is made of is missing.
    """
    owner = _owner()
    try:
        groups = groups_of(owner)
    except NoGroups as error:
        remedy = "Run it as root where control groups can be made, or delegate some to it."
        raise IsolationUnavailable("control groups", str(error), remedy) from error
    return SupervisedEngine(GvisorLauncher(groups, own_directory(owner)), warm=warm)


def docker_engine(warm: int = 0, *, gvisor: bool = False) -> SupervisedEngine:
    """On the daemon that DOCKER_HOST names, or the usual one. `warm`: containers that it keeps started ahead.

    `gvisor`: with the runtime that the daemon calls `runsc`, in place of its usual one.

    Raises:
        IsolationUnavailable: the SDK is missing, no daemon of this machine answers, it has no such runtime, or the
            image can't be made.
    """
    from autodev.sandbox.docker.daemon import Daemon, DaemonError
    from autodev.sandbox.docker.launcher import DockerLauncher, refused
    from autodev.sandbox.docker.runtime import GVISOR, USUAL
    from autodev.sandbox.docker.sweep import sweep as remove_containers

    with ExitStack() as unused:
        daemon = Daemon.connect()
        unused.callback(daemon.close)
        try:
            remove_containers(daemon)
            launcher = DockerLauncher(daemon, own_directory(_owner()), GVISOR if gvisor else USUAL)
        except DaemonError as error:
            raise refused(error) from error
        unused.pop_all()
    return SupervisedEngine(launcher, warm=warm)


ENGINES: Final[Mapping[str, Callable[[int], SupervisedEngine]]] = {
    "gvisor": gvisor_engine,
    "docker-gvisor": partial(docker_engine, gvisor=True),
    "namespaces": namespace_engine,
    "docker": docker_engine,
}
"""Strongest first. Each takes how many isolations it keeps started ahead."""


async def proved(make: Callable[[], Engine], prove: Callable[[Engine], Awaitable[object]] = prove) -> Engine:
    """An engine that has been made off the loop, and has kept every promise of the canary.

    Raises:
        IsolationUnavailable: it can't be made, or breaks one; it is closed then.
    """
    try:
        engine = await asyncio.to_thread(make)
    except OSError as error:
        remedy = "Check the disk, and that this process may write to the directory for temporary files."
        raise IsolationUnavailable("files", f"the engine can't be made: {error}", remedy) from error
    try:
        await prove(engine)
    except BaseException:
        engine.close()
        raise
    return engine


async def first_proved(
    makes: Iterable[Callable[[], Engine]], proved: Callable[[Callable[[], Engine]], Awaitable[Engine]] = proved
) -> Engine:
    """The first engine that is `proved`.

    Raises:
        IsolationUnavailable: none is, with the reason of each.
    """
    failures = []
    for make in makes:
        try:
            return await proved(make)
        except IsolationUnavailable as error:
            failures.append(error)
    raise IsolationUnavailable.of_all(failures)


async def examine_named(name: str) -> CapabilityReport:
    """What the engine called `name` promises, tried here and now. One that can't be made has one control, not held."""
    try:
        engine = ENGINES[name](0)
    except IsolationUnavailable as error:
        return _impossible(name, error)
    try:
        return await examine(engine)
    except IsolationUnavailable as error:
        return _impossible(name, error)
    finally:
        engine.close()


def _impossible(name: str, error: IsolationUnavailable) -> CapabilityReport:
    return CapabilityReport(
        name, (ControlResult(error.control, held=False, evidence=error.reason, remedy=error.remedy),), 0.0
    )


def _groups() -> Groups | None:
    try:
        return groups_of(_owner())
    except NoGroups:
        return None


@cache
def _owner() -> Owner:
    """This process, once what dead ones left is gone; its own goes when it exits."""
    sweep()
    owner = this_process()
    atexit.register(sweep, lambda other: other == owner)
    return owner

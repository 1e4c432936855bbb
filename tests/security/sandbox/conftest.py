"""An engine that remembers whom it ran as, so that each test can see that nobody is left."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autodev import values
from autodev.sandbox import Arguments, CallFacts, CallInput, Engine, Policy, Program, RunReport, namespace_engine
from autodev.sandbox.namespaces.identity import Identity, LeasedUser, guest_identity
from tests.security.sandbox.attacks import POLICY, PROGRAMS, Attack, Run


@pytest.fixture
def engine() -> Iterator[Engine]:
    """Checks, when the test is over, that no process of any of its guests is left."""
    leased: list[Identity] = []

    def lease() -> Identity:
        leased.append(guest_identity())
        return leased[-1]

    yield namespace_engine(identity=lease)
    uids = {identity.uid for identity in leased if isinstance(identity, LeasedUser)}
    assert not uids or not processes_of(uids), "guest processes outlived their run"
    assert not children_of_this_process(), "launchers outlived their run"


@pytest.fixture
def run(engine: Engine) -> Run:
    """`await run("module", "function", [args…], [args…])`: one isolation, a call for each list of arguments."""

    async def run(module: str, entrypoint: str, *calls: list[Any], policy: Policy = POLICY) -> RunReport:
        source = (PROGRAMS / f"{module}.py").read_text()
        inputs = [
            CallInput(f"call-{index}", Arguments(args=tuple(map(values.encode, arguments))))
            for index, arguments in enumerate(calls)
        ]
        return await engine.run(Program(source, entrypoint), inputs, policy)

    return run


@pytest.fixture
def attack(run: Run) -> Attack:
    """`await attack("module.function", *args)`: the facts of one hostile call."""

    async def attack(program: str, *arguments: Any, policy: Policy = POLICY) -> CallFacts:
        module, _, entrypoint = program.partition(".")
        report = await run(module, entrypoint, list(arguments), policy=policy)
        return report.calls[0]

    return attack


def processes_of(uids: set[int]) -> list[str]:
    """Processes that are not yet zombies and belong to any of `uids`."""
    return [line for line in _statuses() if int(_field(line, "Uid").split()[0]) in uids]


def children_of_this_process() -> list[str]:
    """Launchers go with their guests, but the thread that reaps them may be a moment behind a cancelled caller."""
    deadline = time.monotonic() + 2
    while left := [line for line in _statuses() if int(_field(line, "PPid")) == os.getpid() and "bwrap" in line]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return left


def _statuses() -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            status = (process / "status").read_text()
        except OSError:
            continue
        if not _field(status, "State").startswith("Z"):
            yield status


def _field(status: str, name: str) -> str:
    return status.partition(f"\n{name}:")[2].partition("\n")[0].strip()

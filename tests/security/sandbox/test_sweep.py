"""What a supervisor that was killed left behind is gone when the next one starts."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from autodev.sandbox.cgroups.available import hierarchies
from autodev.sandbox.labels import Owner, own_directory, this_process
from autodev.sandbox.sweep import sweep

pytestmark = pytest.mark.isolation

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="control groups and gVisor take root")
SUPERVISOR = """
import asyncio, sys
from autodev.sandbox import Arguments, CallInput, Policy, Program
from autodev.sandbox.engines import ENGINES

async def main():
    engine = ENGINES[sys.argv[1]](2)
    program = Program("import time\\ndef f():\\n    time.sleep(60)", "f")
    engine.warm_up(Policy())
    print(flush=True)
    await engine.run(program, [CallInput("1", Arguments())], Policy(wall_seconds=60, call_seconds=60))

asyncio.run(main())
"""


def left_of(owner: Owner) -> Iterator[str]:
    """Everything that carries the owner's name."""
    for hierarchy in hierarchies():
        yield from (place for place, _, _ in os.walk(hierarchy) if owner.name in place)
    yield from (path.name for path in Path(tempfile.gettempdir()).glob(f"{owner.name}*"))
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if owner.name.encode() in command:
            yield f"{process.name}: {command!r}"


def owner_of(pid: int) -> Owner:
    started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return replace(this_process(), pid=pid, started=int(started))


def guests_of(owner: Owner) -> list[int]:
    """Processes in the owner's control groups."""
    found = []
    for hierarchy in hierarchies():
        for procs in hierarchy.rglob(f"{owner.name}/*/cgroup.procs"):
            found += [int(pid) for pid in procs.read_text().split()]
    return found


@asynccontextmanager
async def supervisor_on(engine: str) -> AsyncIterator[tuple[Owner, Callable[[], Awaitable[int]]]]:
    """One that starts isolations and runs a program that sleeps; and how to kill it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SUPERVISOR, engine, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    await process.stdout.readline()

    async def kill() -> int:
        process.send_signal(signal.SIGKILL)
        return await process.wait()

    yield owner_of(process.pid), kill


@AS_ROOT
@pytest.mark.parametrize("engine", ["namespaces", "gvisor"])
@pytest.mark.parametrize("seconds", [0.0, 0.05, 1.0])
async def test_nothing_of_a_killed_supervisor_is_left(engine: str, seconds: float) -> None:
    async with supervisor_on(engine) as (owner, kill):
        await asyncio.sleep(seconds)
        await kill()
    await asyncio.to_thread(sweep)

    # A launcher whose start was on its way finds its supervisor gone, and ends by itself.
    deadline = time.monotonic() + 2
    while (left := list(left_of(owner))) and time.monotonic() < deadline:  # noqa: ASYNC110 - nobody announces it
        await asyncio.sleep(0.02)
    assert left == []


@AS_ROOT
@pytest.mark.parametrize("engine", ["namespaces", "gvisor"])
async def test_no_guest_outlives_its_supervisor_by_two_seconds_even_if_nobody_sweeps(engine: str) -> None:
    async with supervisor_on(engine) as (owner, kill):
        while not guests_of(owner):  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.02)
        await kill()

    await asyncio.sleep(2)
    assert guests_of(owner) == []
    sweep()


def test_what_belongs_to_a_living_supervisor_is_left_alone() -> None:
    directory = own_directory(this_process())
    sweep()
    assert directory.is_dir()


def test_what_another_namespace_numbers_is_not_judged_from_this_one() -> None:
    ours = this_process()
    assert not ours.is_dead
    assert replace(ours, started=ours.started + 1).is_dead
    assert not replace(ours, started=ours.started + 1, namespace=ours.namespace + 1).is_dead
    assert replace(ours, boot="0" * 12, namespace=ours.namespace + 1).is_dead


@pytest.mark.parametrize("name", ["autodev", "autodev-", "autodev-bench-x", "x", "", "autodev-12-3-4-5"])
def test_a_name_that_none_of_ours_gave_has_no_owner(name: str) -> None:
    assert Owner.parse(name) is None


def test_an_owners_name_tells_the_owner() -> None:
    assert Owner.parse(f"{this_process().name}-and-more") == this_process()

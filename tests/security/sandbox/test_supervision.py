"""The supervisor ends what it began, when it is asked to, when it dies, and when it can't begin."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autodev.sandbox import (
    Arguments,
    CallInput,
    Engine,
    IsolationUnavailable,
    Policy,
    Program,
    Verdict,
    namespace_engine,
)
from autodev.sandbox.namespaces.identity import Identity, LeasedUser, guest_identity
from tests.security.sandbox.attacks import PROGRAMS, Run, returned
from tests.security.sandbox.conftest import processes_of

pytestmark = pytest.mark.isolation
ENDLESS = Program((PROGRAMS / "processes.py").read_text(), "endless_loop")
LONG = Policy(wall_seconds=60, call_seconds=60)
CALL = [CallInput("1", Arguments())]

SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from autodev.sandbox import Arguments, CallInput, Policy, Program, namespace_engine
from autodev.sandbox.namespaces.identity import guest_identity

def lease():
    identity = guest_identity()
    print(getattr(identity, "uid", 0), flush=True)
    return identity

program = Program(Path(sys.argv[1]).read_text(), "burn_cpu_in_children")
engine = namespace_engine(identity=lease)
asyncio.run(engine.run(program, [CallInput("1", Arguments())], Policy(wall_seconds=60, call_seconds=60)))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="guests are told apart by their leased uid, which takes root")
async def test_the_kernel_sees_a_guest_without_capabilities_and_with_a_filter() -> None:
    leased: list[LeasedUser] = []

    def lease() -> Identity:
        identity = guest_identity()
        assert isinstance(identity, LeasedUser)
        leased.append(identity)
        return identity

    running = asyncio.create_task(namespace_engine(identity=lease).run(ENDLESS, CALL, LONG))
    assert await within(30, lambda: len(leased) == 1 and len(processes_of({leased[0].uid})) == 2)
    statuses = [dict(line.split(":\t", 1) for line in status.splitlines()) for status in processes_of({leased[0].uid})]
    running.cancel()
    await asyncio.wait([running])

    for status in statuses:
        # What is merely inheritable takes effect by an exec that gains rights, which NoNewPrivs forbids.
        assert {int(status[name], 16) for name in ("CapPrm", "CapEff", "CapAmb")} == {0}
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
        assert set(status["Uid"].split() + status["Gid"].split()) == {str(leased[0].uid)}


async def test_cancelling_the_caller_kills_the_guest(engine: Engine) -> None:
    running = asyncio.create_task(engine.run(ENDLESS, CALL, LONG))
    await asyncio.sleep(0.3)

    cancelled_at = time.monotonic()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert time.monotonic() - cancelled_at < 5


@pytest.mark.skipif(os.geteuid() != 0, reason="guests are told apart by their leased uid, which takes root")
async def test_a_supervisor_that_is_killed_takes_its_guests_along() -> None:
    supervisor = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SUPERVISOR, str(PROGRAMS / "processes.py"), stdout=asyncio.subprocess.PIPE
    )
    assert supervisor.stdout
    uid = int(await supervisor.stdout.readline())
    assert await within(30, lambda: len(processes_of({uid})) == 5)

    supervisor.send_signal(signal.SIGKILL)
    await supervisor.wait()

    assert await within(5, lambda: not processes_of({uid}))


async def within(seconds: float, reached: Callable[[], bool]) -> bool:
    """Whether a state of the host's processes, which nobody announces, is reached in time."""
    deadline = time.monotonic() + seconds
    while not (done := reached()) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return done


async def test_runs_at_one_time_do_not_mix(run: Run) -> None:
    reports = await asyncio.gather(*(run("results", "honest", [number]) for number in range(16)))

    assert [returned(report.calls[0]) for report in reports] == list(range(16))


async def test_the_loop_goes_on_while_a_guest_runs(engine: Engine) -> None:
    running = asyncio.create_task(engine.run(ENDLESS, CALL, Policy(call_seconds=1.5)))
    longest, last = 0.0, time.monotonic()
    while not running.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()

    assert (await running).calls[0].verdict is Verdict.WALL_TIMEOUT
    assert longest < 1


async def test_a_run_without_calls_is_an_empty_report(run: Run) -> None:
    report = await run("results", "honest")

    assert (report.verdict, report.calls) == (Verdict.OK, ())


async def test_a_module_that_breaks_the_compiler_is_its_own_fault(engine: Engine) -> None:
    report = await engine.run(Program("(" * 500 + "\x00", "f"), CALL, LONG)

    assert report.calls[0].verdict is Verdict.GUEST_ERROR


async def test_no_isolation_no_run(tmp_path: Path) -> None:
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n")
    refusing.chmod(0o755)

    with pytest.raises(
        IsolationUnavailable, match="nothing was run: bubblewrap failed: bwrap: No permissions"
    ) as error:
        await namespace_engine(bubblewrap=str(refusing)).run(ENDLESS, CALL, LONG)

    assert error.value.control == "bubblewrap"
    assert error.value.remedy


async def test_a_launcher_that_is_not_there_is_no_isolation_either(tmp_path: Path) -> None:
    with pytest.raises(IsolationUnavailable):
        await namespace_engine(bubblewrap=str(tmp_path / "missing")).run(ENDLESS, CALL, LONG)

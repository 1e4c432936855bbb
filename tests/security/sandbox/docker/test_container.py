"""What is particular to containers: who ends them, who counts, and what has to be hidden in them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autodev.sandbox import Arguments, CallInput, Engine, IsolationUnavailable, Policy, Program, Verdict
from autodev.sandbox.cgroups.counting import Counting
from autodev.sandbox.docker.daemon import Daemon, DaemonError
from autodev.sandbox.docker.launcher import DockerLauncher, owner_labels
from autodev.sandbox.docker.settings import OWNER_LABEL
from autodev.sandbox.docker.sweep import sweep
from autodev.sandbox.labels import Owner, own_directory, this_process
from autodev.sandbox.supervision.engine import SupervisedEngine
from tests.security.sandbox.attacks import HASTY, POLICY, PROGRAMS, Attack, Run, returned
from tests.security.sandbox.docker.conftest import own_containers, process_status
from tests.security.sandbox.test_supervision import within

pytestmark = pytest.mark.isolation

ENDLESS = Program((PROGRAMS / "processes.py").read_text(), "endless_loop")
LONG = Policy(wall_seconds=60, call_seconds=60)
CALL = [CallInput("1", Arguments())]
DEAD = Owner("0" * 12, 1, 1, 1)

SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from autodev.sandbox import Arguments, CallInput, Policy, Program
from autodev.sandbox.engines import ENGINES
from autodev.sandbox.labels import this_process

program = Program(Path(sys.argv[1]).read_text(), "burn_cpu_in_children")
engine = ENGINES[sys.argv[2]](1)
print(this_process().name, flush=True)
asyncio.run(engine.run(program, [CallInput("1", Arguments())], Policy(wall_seconds=60, call_seconds=60)))
"""

EATEN_BY_A_CHILD = """
import os

def eat():
    child = os.fork()
    if child == 0:
        kept = [bytearray(1 << 20) for _ in range(1 << 10)]
        os._exit(0)
    os.waitpid(child, 0)
    return "fine"

def answer(number):
    return eat() if number == 1 else "fine"
"""


@pytest.fixture(scope="module")
def cold(daemon: Daemon) -> Engine:
    """Starts nothing that was not asked for, so that what starts can be told apart."""
    return SupervisedEngine(DockerLauncher(daemon, own_directory(this_process())))


async def test_the_kernel_sees_a_guest_without_capabilities_and_with_a_filter(cold: Engine, daemon: Daemon) -> None:
    before = set(own_containers(daemon))
    running = asyncio.create_task(cold.run(ENDLESS, CALL, LONG))
    assert await within(30, lambda: len(guests(set(own_containers(daemon)) - before)) >= 2)
    statuses = [process_status(pid) for pid in guests(set(own_containers(daemon)) - before)]
    running.cancel()
    await asyncio.wait([running])

    for status in statuses:
        assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
        assert "0" not in status["Uid"].split() + status["Gid"].split()
        assert not status["Groups"].split() or "0" not in status["Groups"].split()


def guests(containers: set[str]) -> list[str]:
    """Processes of containers, by their control groups."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            groups = (process / "cgroup").read_text()
        except OSError:
            continue
        if any(container in groups for container in containers):
            found.append(process.name)
    return found


@pytest.mark.parametrize("engine", ["docker", "docker-gvisor"])
async def test_a_supervisor_that_is_killed_takes_its_containers_along(
    engine: str, daemon: Daemon, make_engine: Callable[[str, int], SupervisedEngine]
) -> None:
    make_engine(engine, 0).close()  # or skip
    supervisor = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SUPERVISOR, str(PROGRAMS / "processes.py"), engine), stdout=asyncio.subprocess.PIPE
    )
    assert supervisor.stdout
    name = (await supervisor.stdout.readline()).decode().strip()
    label = f"{OWNER_LABEL}={name}"
    assert await within(30, lambda: len(guests({container for container, _ in daemon.containers(label)})) >= 5)
    containers = {container for container, _ in daemon.containers(label)}

    supervisor.send_signal(signal.SIGKILL)
    await supervisor.wait()

    assert await within(2, lambda: not guests(containers))
    assert await within(10, lambda: not daemon.containers(label))


async def test_nothing_of_proc_can_be_opened_not_even_ones_own(attack: Attack) -> None:
    files = ["environ", "cmdline", "maps", "mem", "mountinfo", "cgroup", "status"]
    paths = [f"/proc/{process}/{file}" for process in ("1", "self") for file in files]
    elsewhere = [
        "/proc/cpuinfo",
        "/proc/mounts",
        "/sys/fs/cgroup/memory",
        "/etc/hosts",
        "/etc/resolv.conf",
        "/etc/mtab",
    ]

    assert returned(await attack("boundaries.read_files", paths + elsewhere)) == []


async def test_the_result_channel_can_not_be_reached_through_proc(attack: Attack) -> None:
    channels = [f"/proc/1/fd/{fd}" for fd in range(12)]

    assert set(returned(await attack("boundaries.write_files", channels)).values()) == {"EACCES"}


async def test_the_environment_is_our_own(attack: Attack) -> None:
    assert returned(await attack("boundaries.environment")) == {"LANG": "C.UTF-8", "HOME": "/tmp", "TZ": "UTC"}


async def test_a_child_that_was_killed_for_memory_is_seen_though_its_call_ended_well(docker: Engine) -> None:
    report = await docker.run(Program(EATEN_BY_A_CHILD, "eat"), CALL, POLICY)

    assert report.calls[0].verdict is Verdict.OOM


async def test_a_kill_for_memory_is_its_own_calls_and_no_others(docker: Engine) -> None:
    calls = [CallInput(str(number), Arguments(args=(number,))) for number in range(3)]

    report = await docker.run(Program(EATEN_BY_A_CHILD, "answer"), calls, POLICY)

    assert [facts.verdict for facts in report.calls] == [Verdict.OK, Verdict.OOM, Verdict.OK]


async def test_where_process_1_is_not_to_be_seen_the_daemon_kills_and_counts(
    cold: Engine, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autodev.sandbox.docker.isolation.visible_process", lambda *_: (None, None))
    before = set(own_containers(daemon))

    endless = await cold.run(ENDLESS, CALL, HASTY)
    eaten = await cold.run(Program(EATEN_BY_A_CHILD, "eat"), CALL, POLICY)

    assert (endless.calls[0].verdict, eaten.calls[0].verdict) == (Verdict.WALL_TIMEOUT, Verdict.OOM)
    assert not set(own_containers(daemon)) - before


async def test_a_source_that_process_1_has_no_memory_for_ends_the_run_as_out_of_memory(docker: Engine) -> None:
    source = "x = [" + "(1, 2), " * 2_000_000 + "]\ndef f(): pass\n"

    report = await docker.run(Program(source, "f"), CALL, POLICY.model_copy(update={"memory_bytes": 64 << 20}))

    assert (report.verdict, report.calls[0].verdict) == (Verdict.OOM, Verdict.OOM)


async def test_what_was_counted_of_a_group_that_is_gone_before_it_was_read_the_daemon_tells(
    cold: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Counting, "read", lambda _self: None)
    source = "x = [" + "(1, 2), " * 2_000_000 + "]\ndef f(): pass\n"

    eaten = await cold.run(Program(source, "f"), CALL, POLICY.model_copy(update={"memory_bytes": 64 << 20}))
    sound = await cold.run(Program("def f(): return 1", "f"), CALL, POLICY)

    assert (eaten.verdict, sound.verdict) == (Verdict.OOM, Verdict.OK)


async def test_cancelling_the_caller_removes_the_container(cold: Engine, daemon: Daemon) -> None:
    before = set(own_containers(daemon))
    running = asyncio.create_task(cold.run(ENDLESS, CALL, LONG))
    assert await within(30, lambda: bool(guests(set(own_containers(daemon)) - before)))
    taken = set(own_containers(daemon)) - before

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert not guests(taken)
    assert not taken & set(own_containers(daemon))


async def test_runs_at_one_time_do_not_mix(run: Run) -> None:
    reports = await asyncio.gather(*(run("results", "honest", [number]) for number in range(8)))

    assert [returned(report.calls[0]) for report in reports] == list(range(8))


def test_containers_of_dead_owners_are_swept_and_those_of_others_are_not(daemon: Daemon) -> None:
    launcher = DockerLauncher(daemon, own_directory(this_process()))
    labels = dict(owner_labels())
    elsewhere = {**labels, OWNER_LABEL: replace(this_process(), namespace=1, pid=1).name}
    kept = [launcher.create(POLICY, labels), launcher.create(POLICY, elsewhere)]
    left = launcher.create(POLICY, {**labels, OWNER_LABEL: DEAD.name})

    assert sweep(daemon) == 1

    there = {container for container, _ in daemon.containers(OWNER_LABEL)}
    assert left not in there
    assert set(kept) <= there
    for container in kept:
        daemon.remove(container)


def test_a_container_that_does_not_start_leaves_nothing_and_says_why(daemon: Daemon) -> None:
    launcher = DockerLauncher(daemon, own_directory(this_process()))
    launcher._command = ["/no/such/python"]
    before = len(own_containers(daemon))

    with pytest.raises(IsolationUnavailable, match="no such file") as error:
        launcher.launch(POLICY)

    assert (error.value.control, bool(error.value.remedy)) == ("docker", True)
    assert len(own_containers(daemon)) == before


def test_an_isolation_that_ends_by_itself_tells_its_status(daemon: Daemon) -> None:
    isolation = DockerLauncher(daemon, own_directory(this_process())).launch(POLICY)
    try:
        assert isolation.alive
        assert isolation.exit_status(0.01) is None
        os.write(isolation.stdin.fileno(), (1).to_bytes(8, "big") + b"?")  # nothing that can be read
        assert isolation.exit_status(10) == 1
        assert not isolation.alive
    finally:
        isolation.end()


def test_the_daemons_own_words_are_told(daemon: Daemon) -> None:
    with pytest.raises(DaemonError, match="No such container"):
        daemon.start("none")

"""What is read off the kernel about processes, accounts and locks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.processes.account import Account
from deploy.local.processes.command import Command, CommandFailedError
from deploy.local.processes.locking import exclusive
from deploy.local.processes.process_tree import Process, Relation, is_alive, parse_stat, with_descendants


@given(st.integers(1, 2**22), st.text(max_size=16), st.integers(0, 2**22), st.integers(0, 2**62))
def test_a_command_name_of_any_shape_does_not_hide_the_parent(pid: int, name: str, parent: int, started: int) -> None:
    fields = " ".join(["S", str(parent), *["0"] * 17, str(started), "0"])
    assert parse_stat(f"{pid} ({name}) {fields}") == Relation(Process(pid, started), parent)


def test_descendants_come_after_their_parents() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '60'])"])
    try:
        while len(found := with_descendants([child.pid])) < 2:
            pass
        assert found[0].pid == child.pid
        assert {process.pid for process in found} <= {process.pid for process in with_descendants([os.getpid()])}
    finally:
        for process in reversed(with_descendants([child.pid])):
            os.kill(process.pid, 9)
        child.wait()


def test_a_process_that_ended_is_not_alive_even_before_its_parent_notices() -> None:
    child = subprocess.Popen(["sleep", "60"])
    (process,) = with_descendants([child.pid])
    assert is_alive(process)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(process)
    child.wait()


def test_a_process_id_used_again_is_another_process() -> None:
    (process,) = (process for process in with_descendants([os.getpid()]) if process.pid == os.getpid())
    assert not is_alive(process._replace(started=process.started + 1))


def test_the_outermost_directory_that_an_account_may_not_enter_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    closed = tmp_path / "closed"
    (closed / "open" / "data").mkdir(parents=True)
    closed.chmod(0o700)
    stranger = Account("stranger", uid=os.getuid() + 12345, gid=12345)
    found = stranger.closed_parent_of(closed / "open" / "data")
    assert found is not None
    assert closed.is_relative_to(found)


def test_a_failed_command_says_what_it_wrote() -> None:
    with pytest.raises(CommandFailedError, match=r"sh ended with exit code 3:\nno luck"):
        Command(("/bin/sh", "-c", "echo no luck >&2; exit 3")).run()


def test_who_waits_for_a_lock_is_told_and_gets_it_afterwards(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    holder = subprocess.Popen(
        ["flock", str(lock), "sh", "-c", "echo held; read _"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    holder.stdout.readline()
    waits = []

    def release() -> None:
        waits.append("waited")
        assert holder.stdin is not None
        holder.stdin.close()

    with exclusive(lock, on_wait=release):
        assert waits == ["waited"]
    holder.stdout.close()
    holder.wait()

"""Signals to whoever there is, and power over process 1, which is of the same user."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import socket
import time

from tests.security.sandbox.catalogue.programs import attempt

_F_SETSIG = 10
_O_ASYNC = 0o20000


def kill_all() -> str:
    """Everyone whom it may signal."""
    return attempt.outcome(lambda: os.kill(-1, signal.SIGKILL))


def kill_parent() -> int:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(0.05)
    return os.getppid()


def every_signal_to_process_1() -> int:
    for number in signal.valid_signals():
        os.kill(1, number)
    return os.getppid()


def every_queued_signal_to_process_1() -> int:
    """Real-time signals wait in a queue; a hundred of each."""
    process = os.pidfd_open(1)
    for number in range(signal.SIGRTMIN, signal.SIGRTMAX + 1):
        for _ in range(100):
            signal.pidfd_send_signal(process, number)
    return os.getppid()


def stop_process_1() -> int:
    os.kill(1, signal.SIGSTOP)
    time.sleep(0.05)
    return os.getppid()


def interrupt_process_1() -> int:
    """Python installs a handler for this one, and whoever has a handler gets the signal even as process 1."""
    for _ in range(100):
        os.kill(1, signal.SIGINT)
        time.sleep(0.001)
    return os.getppid()


def signal_process_1_by_a_file() -> int:
    """The kernel sends what a file's owner asked to be sent: here to process 1, and the deadly one."""
    mine, other = socket.socketpair()
    fcntl.fcntl(mine, fcntl.F_SETOWN, 1)
    fcntl.fcntl(mine, _F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(mine, fcntl.F_SETFL, _O_ASYNC | os.O_NONBLOCK)
    other.send(b"x")
    time.sleep(0.05)
    return os.getppid()


def kill_own_group() -> None:
    os.killpg(0, signal.SIGKILL)


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_itself_by_cpu_signal() -> None:
    """Pretends to have been killed at its CPU limit."""
    os.kill(os.getpid(), signal.SIGXCPU)


def kill_guardians() -> str:
    """Whatever watches from inside: everybody but itself, by number."""
    killed = [pid for pid in range(2, 300) if pid != os.getpid() and attempt.outcome(lambda: os.kill(pid, 9)) == "made"]
    time.sleep(0.8)
    return f"killed {len(killed)}"


def take_limits_from_process_1() -> list[str]:
    """What process 1 needs for the next call."""
    names = ("AS", "CPU", "CORE", "DATA", "FSIZE", "MEMLOCK", "NOFILE", "NPROC", "RSS", "SIGPENDING", "STACK")
    kinds = {name: getattr(resource, f"RLIMIT_{name}", None) for name in names}
    return attempt.made(
        {
            name: lambda kind=kind: resource.prlimit(1, kind, (0, 0))  # type: ignore[misc]
            for name, kind in kinds.items()
            if kind is not None
        }
    )


def slow_process_1_down(ioprio_set: int) -> list[str]:
    return attempt.made(
        {
            "nice": lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
            "nice of its group": lambda: os.setpriority(os.PRIO_PGRP, 0, 19),
            "nice of its user": lambda: os.setpriority(os.PRIO_USER, 0, 19),
            "scheduler": lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)),
            "parameters": lambda: os.sched_setparam(1, os.sched_param(0)),
            "processors": lambda: os.sched_setaffinity(1, {0}),
            "disk": lambda: attempt.system_call(ioprio_set, 1, 1, 3 << 13),
        }
    )


def move_process_1() -> list[str]:
    return attempt.made({"group": lambda: os.setpgid(1, os.getpid()), "limits": lambda: resource.prlimit(1, 7)})

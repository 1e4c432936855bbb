"""Processes that would outlive their call, whatever it came to."""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import sys
import threading
import time
from typing import Any

from tests.security.sandbox.catalogue.programs import attempt

LEFT = "left one behind"
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_CLONE_PARENT = 0x8000


def daemonise() -> str:
    """Two forks, a session of its own, no descriptors; the caller returns at once."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            time.sleep(60)
        os._exit(0)
    return LEFT


def daemon_that_holds_output() -> str:
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
    return LEFT


def daemon_that_holds_the_result_alone() -> str:
    if os.fork() == 0:
        os.setsid()
        os.closerange(0, 3)
        time.sleep(60)
    return LEFT


def daemon_that_is_another_program() -> str:
    if os.fork() == 0:
        os.setsid()
        os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)", attempt.MARK])
    time.sleep(0.1)
    return LEFT


def relay_of_alarms() -> str:
    """Each process lives a moment and forks the next."""

    def relay(*_: object) -> None:
        if os.fork():
            os._exit(0)
        signal.setitimer(signal.ITIMER_REAL, 0.05)

    if os.fork() == 0:
        signal.signal(signal.SIGALRM, relay)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        while True:
            time.sleep(60)
    return LEFT


def daemon_below_a_reaper() -> str:
    """Orphans go to a process of its own instead of process 1."""
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        os.setsid()
        if os.fork() == 0:
            os.fork()
        time.sleep(60)
    return LEFT


def sibling(clone: int) -> str:
    """A child of process 1, not of the call."""
    if attempt.system_call(clone, _CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        time.sleep(60)
        os._exit(0)
    return LEFT


def daemon_deaf_to_all() -> str:
    if os.fork() == 0:
        os.setsid()
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, 0, 0, 0, 0)
        while True:
            time.sleep(60)
    return LEFT


def stopped_daemon() -> str:
    """A stopped process hears nothing but the one signal."""
    if os.fork() == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(60)
    return LEFT


def thread_that_outlives_main() -> str:
    threading.Thread(target=time.sleep, args=(60,)).start()
    return LEFT


def fork_at_exit() -> str:
    atexit.register(_leave_one)
    return LEFT


def fork_in_a_finaliser() -> Any:
    class Left:
        def __del__(self) -> None:
            _leave_one()

    sys.modules["left"] = Left()  # type: ignore[assignment]
    return LEFT


def fork_in_a_thread_of_a_fork() -> str:
    if os.fork() == 0:
        threading.Thread(target=_leave_one).start()
        time.sleep(60)
    time.sleep(0.05)
    return LEFT


def forks_that_run_from_the_killer() -> str:
    """A chain that forks on and leaves as fast as it can: a process number is old before anyone can name it."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setsid()
        while True:
            try:
                if os.fork():
                    os._exit(0)
            except BlockingIOError:
                os.write(writer, b"x")
                time.sleep(0.01)
    os.read(reader, 1)
    return LEFT


def _leave_one() -> None:
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)

"""Guest programs that multiply, hide, outlive, or kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import NoReturn


def fork_bomb() -> int:
    """Fork until refused, and return how often it went well."""
    forks = 0
    while True:
        try:
            if os.fork() == 0:
                time.sleep(60)
        except BlockingIOError:
            return forks
        forks += 1


def fork_bomb_unhandled() -> NoReturn:
    while True:
        if os.fork() == 0:
            time.sleep(60)


def fork_bomb_recursive() -> NoReturn:
    while True:
        with suppress(BlockingIOError):
            os.fork()


def thread_bomb() -> NoReturn:
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


def endless_loop() -> NoReturn:
    while True:
        pass


def endless_sleep() -> NoReturn:
    while True:
        time.sleep(60)


def endless_power() -> int:
    """Holds the interpreter lock in one instruction."""
    return len(str(7**7**9))


def catastrophic_regex() -> object:
    import re

    return re.match(r"(a+)+$", "a" * 64 + "b")


def deaf_to_signals() -> NoReturn:
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(60)


def deaf_and_busy() -> NoReturn:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    endless_loop()


def stop_itself() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def segfault() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def abort() -> None:
    os.abort()


def endless_recursion() -> None:
    sys.setrecursionlimit(10**9)

    def deeper() -> None:
        deeper()

    deeper()


def kill_everyone() -> str:
    """All that may be signalled, and process 1 with every signal there is."""
    for number in signal.valid_signals():
        os.kill(1, number)
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return "alone"
    return "survived"


def burn_cpu_in_children() -> NoReturn:
    for _ in range(3):
        if os.fork() == 0:
            endless_loop()
    endless_loop()


def daemonise() -> str:
    """Two forks, a session of its own, no standard streams; the caller returns at once."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for fd in range(64):
                try:
                    os.close(fd)
                except OSError:
                    continue
            time.sleep(60)
        os._exit(0)
    return "left one behind"


def daemonise_holding_output() -> str:
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
    return "left one behind"


def relay_of_alarms() -> str:
    """Each process lives a moment and forks the next."""

    def relay(*_: object) -> None:
        if os.fork():
            os._exit(0)
        signal.setitimer(signal.ITIMER_REAL, 0.01)

    if os.fork() == 0:
        signal.signal(signal.SIGALRM, relay)
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        while True:
            time.sleep(60)
    return "left one behind"


def exec_something_else() -> NoReturn:
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", "print('another program')"])


def run_a_shell() -> str:
    try:
        return subprocess.run(["/bin/sh", "-c", "id"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        return "no shell"


def exit_with(code: int) -> NoReturn:
    os._exit(code)


def leave(code: int) -> NoReturn:
    sys.exit(code)


def process_count() -> int:
    """Of this isolation, by the process numbers that answer."""
    found = 0
    for pid in range(1, 1_000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            continue
        found += 1
    return found

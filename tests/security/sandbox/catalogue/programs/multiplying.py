"""Processes and threads without end."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from typing import NoReturn

from tests.security.sandbox.catalogue.programs import attempt


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


def fork_bomb_that_does_not_care() -> NoReturn:
    while True:
        if os.fork() == 0:
            time.sleep(60)


def fork_bomb_recursive() -> NoReturn:
    while True:
        with suppress(BlockingIOError):
            os.fork()


def fork_bomb_by_vfork() -> object:
    """Children that exec themselves, each starting the next."""
    import subprocess
    import sys

    code = "import subprocess, sys; subprocess.run([sys.executable, '-I', '-S', '-c', sys.argv[1], *sys.argv[1:]])"
    return subprocess.run([sys.executable, "-I", "-S", "-c", code, code, attempt.MARK], check=False).returncode


def thread_bomb() -> NoReturn:
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


def processes_of_threads_of_processes() -> NoReturn:
    def multiply() -> None:
        while True:
            with suppress(BlockingIOError, RuntimeError):
                if os.fork() == 0:
                    threading.Thread(target=multiply).start()

    multiply()
    raise AssertionError


def zombies() -> int:
    """Children that end at once and that nobody waits for."""
    ended = 0
    try:
        while True:
            if os.fork() == 0:
                os._exit(0)
            ended += 1
    except BlockingIOError:
        return ended


def spinners() -> float:
    """Four processes that spin for half a second: how many CPUs did they have together?"""
    readers = []
    for _ in range(4):
        reader, writer = os.pipe()
        if os.fork() == 0:
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                pass
            os.write(writer, repr(time.process_time()).encode())
            os._exit(0)
        os.close(writer)
        readers.append(reader)
    return sum(float(os.read(reader, 100)) for reader in readers) / 0.5


def fork_while_leaving() -> str:
    """A thread forks as fast as it can while the call returns."""

    refused = threading.Event()

    def multiply() -> None:
        while True:
            try:
                if os.fork() == 0:
                    time.sleep(60)
            except BlockingIOError:
                refused.set()

    threading.Thread(target=multiply, daemon=True).start()
    refused.wait(10)
    return "returned"

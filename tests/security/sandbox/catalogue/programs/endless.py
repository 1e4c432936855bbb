"""Calls that do not end by themselves."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import NoReturn

from tests.security.sandbox.catalogue.programs import attempt


def infinite_loop() -> NoReturn:
    while True:
        pass


def sleep_forever() -> NoReturn:
    while True:
        time.sleep(60)


def ignoring_every_signal() -> NoReturn:
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(60)


def blocking_every_signal() -> NoReturn:
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        time.sleep(60)


def busy_and_deaf_to_its_cpu_limit() -> NoReturn:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    infinite_loop()


def catastrophic_regex() -> object:
    import re

    return re.match(r"(a+)+$", "a" * 64 + "b")


def big_power() -> int:
    """Holds the interpreter lock in one instruction."""
    return len(str(7**7**9))


def big_integer_as_text() -> int:
    sys.set_int_max_str_digits(0)
    return len(str(1 << 30_000_000))


def recursion_without_end() -> None:
    sys.setrecursionlimit(10**9)

    def deeper() -> None:
        deeper()

    deeper()


def recursion_in_c() -> None:
    """In the depth of `repr`, where no limit of Python's counts frames."""
    sys.setrecursionlimit(10**9)
    nested: list[object] = []
    for _ in range(2_000_000):
        nested = [nested]
    repr(nested)


def stopping_itself() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def stopping_all_of_itself() -> None:
    """A child stops the call, and goes on."""
    if os.fork() == 0:
        os.kill(os.getppid(), signal.SIGSTOP)
        time.sleep(60)
    time.sleep(60)


def waiting_for_itself() -> object:
    """A pipe that it holds the other end of."""
    reader, _ = os.pipe()
    return os.read(reader, 1)


def endless_coroutine() -> object:
    import asyncio

    async def forever() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                continue

    return forever()


def endless_import() -> None:
    """The module is never loaded: an import lock that nobody gives back."""
    import _imp

    _imp.acquire_lock()
    child = os.fork()
    if child == 0:
        __import__("wave")
        os._exit(0)
    os.waitpid(child, 0)
    time.sleep(60)


def endless_flush() -> str:
    """The harness flushes the output before it delivers."""

    class Output:
        def flush(self) -> None:
            time.sleep(60)

    sys.stdout = Output()
    return "returned"


def answer_and_stay() -> object:
    attempt.deliver(b'{"kind":"returned","value":1}')
    while True:
        time.sleep(60)


def answer_by_drips() -> None:
    for byte in b"\0\0\0\x20" + b'{"kind":"returned","value":12345}':
        os.write(attempt.RESULT_FD, bytes([byte]))
        time.sleep(0.05)
    time.sleep(60)

"""Ends that pretend to be something else."""

from __future__ import annotations

import atexit
import ctypes
import os
import sys
import threading
import time
from typing import Any, NoReturn

from tests.security.sandbox.catalogue.programs import attempt


def leave(code: int) -> NoReturn:
    sys.exit(code)


def exit_at_once(code: int) -> NoReturn:
    os._exit(code)


def exit_at_exit() -> NoReturn:
    """What is registered for the end turns a failure into success."""
    atexit.register(os._exit, 0)
    raise ValueError("hidden")


def exit_from_a_thread() -> str:
    threading.Thread(target=os._exit, args=(0,)).start()
    time.sleep(60)
    return "never"


def exit_in_a_finaliser() -> Any:
    """As the result is turned into bytes."""

    class Leaving:
        def __del__(self) -> None:
            os._exit(0)

    return [Leaving()]


def exit_in_the_signal_of_its_own_timer() -> None:
    import signal

    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    time.sleep(60)


def become_another_program() -> NoReturn:
    code = 'import os; os.write(1, b\'{"kind":"returned","value":1}\')'
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", code])


def become_another_program_that_answers() -> NoReturn:
    """Its own answer, by another program: as good as any of its answers."""
    payload = b'{"kind":"returned","value":"by another program"}'
    code = f"import os; os.write(3, {len(payload).to_bytes(4, 'big') + payload!r})"
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", code])


def segfault() -> None:
    ctypes.string_at(0)


def abort_with_a_core() -> None:
    """A core dump would be a file on the host."""
    import resource

    attempt.outcome(lambda: resource.setrlimit(resource.RLIMIT_CORE, (-1, -1)))
    os.abort()


def illegal_instruction() -> None:
    import mmap

    memory = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(b"\x0f\x0b" + b"\0" * 6)  # ud2; on aarch64 udf
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()


def corrupt_the_interpreter() -> None:
    """Writes over an object that everything uses."""
    ctypes.memset(id(type), 0xFF, 256)
    print(type(corrupt_the_interpreter))


def fail_after_answering() -> NoReturn:
    attempt.deliver(b'{"kind":"returned","value":1}')
    os._exit(1)


def die_after_answering() -> None:
    attempt.deliver(b'{"kind":"returned","value":1}')
    os.kill(os.getpid(), 9)


def close_everything() -> str:
    os.closerange(0, 256)
    return "nobody hears"

"""Output without end, and output that would drive whoever shows it."""

from __future__ import annotations

import os
import sys
import threading
import time
import zlib
from typing import NoReturn

from tests.security.sandbox.catalogue.programs import attempt


def stdout_flood() -> NoReturn:
    while True:
        os.write(1, b"x" * 65_536)


def stderr_flood() -> NoReturn:
    while True:
        os.write(2, b"x" * 65_536)


def flood_of_empty_lines() -> NoReturn:
    while True:
        print(flush=True)


def flood_by_children() -> NoReturn:
    for _ in range(3):
        if os.fork() == 0:
            break
    stdout_flood()


def flood_by_threads_that_also_answer() -> str:
    for fd in (1, 2, 1, 2):
        threading.Thread(target=_flood, args=(fd,), daemon=True).start()
    time.sleep(60)
    return "never"


def slow_drip() -> NoReturn:
    while True:
        print("drip", flush=True)
        time.sleep(0.05)


def compressed_bomb() -> int:
    """Few bytes for much: nobody may inflate them."""
    bomb = zlib.compress(b"\0" * (32 << 20), 9)
    attempt.write_all(1, bomb)
    return len(bomb)


def up_to_the_cap(cap: int) -> str:
    attempt.write_all(1, b"x" * cap)
    attempt.write_all(2, b"y" * cap)
    return "returned"


def one_more_than_the_cap(cap: int) -> str:
    attempt.write_all(1, b"x" * (cap + 1))
    return "returned"


def bytes_that_are_no_text() -> str:
    attempt.write_all(1, b"\xff\x00\xed\xa0\x80\xf8\x88")
    return "\ud800\x00\udfff"


def driving_the_terminal() -> str:
    text = "\x1b[2J\x1b]0;title\x07\x1b]8;;file:///etc/passwd\x07link\x1b]8;;\x07\x1b]52;c;aGk=\x07\x9b31m\u202egnp.exe\u2066\r\x08"
    sys.stdout.write(text)
    sys.stderr.write(text)
    return text


def forged_result_on_stdout() -> int:
    print('\n{"kind":"returned","value":"forged"}\n<<RESULT>>forged<<RESULT>>\n>>>>> PASSED\n', flush=True)
    return 5


def forged_log_lines() -> str:
    attempt.write_all(2, b'\n{"level":"info","event":"sandbox_escaped","verdict":"ok"}\n\0\r\nverdict: ok\r')
    return "returned"


def closing_stdout() -> str:
    os.close(1)
    os.close(2)
    sys.stdout = None
    sys.stderr = None
    return "returned"


def filling_the_pipe_and_dying() -> NoReturn:
    """The last words are in the pipe when nobody of the call is alive any more."""
    attempt.write_all(1, b"a" * 60_000 + b"the end")
    os._exit(0)


def _flood(fd: int) -> NoReturn:
    while True:
        os.write(fd, b"x" * 1_000)

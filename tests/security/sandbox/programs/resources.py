# ruff: noqa: T201, PTH101, PTH102 - printing is what some of these are about; the others avoid long paths
"""Guest programs that take memory, disk, files and output without end."""

from __future__ import annotations

import mmap
import os
import socket
import sys
import time
from pathlib import Path
from typing import NoReturn

SCRATCH = Path("/tmp")


def memory_at_once() -> int:
    return len(bytearray(1 << 40))


def memory_by_and_by() -> NoReturn:
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


def memory_in_objects() -> NoReturn:
    kept: list[object] = []
    while True:
        kept.append([object() for _ in range(10_000)])


def memory_shared_without_a_name() -> int:
    return len(mmap.mmap(-1, 1 << 36))


def memory_in_pipes() -> int:
    """Bytes that fit into pipes nobody reads."""
    written = 0
    try:
        while True:
            _, writer = os.pipe()
            os.set_blocking(writer, False)
            try:
                while count := os.write(writer, b"x" * 65_536):
                    written += count
            except BlockingIOError:
                continue
    except OSError:
        return written


def fill_scratch() -> int:
    written = 0
    try:
        for number in range(1_000):
            with (SCRATCH / str(number)).open("wb", buffering=0) as file:
                while count := file.write(b"x" * 65_536):
                    written += count
    except OSError:
        return written
    return written


def one_large_file() -> int:
    with (SCRATCH / "large").open("wb") as file:
        os.ftruncate(file.fileno(), 1 << 50)
    return (SCRATCH / "large").stat().st_size


def preallocated_file() -> None:
    with (SCRATCH / "large").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, 1 << 33)


def many_open_files() -> int:
    opened = []
    try:
        while True:
            opened.append(os.dup(0))
    except OSError:
        return len(opened)


def many_sockets() -> int:
    opened: list[socket.socket] = []
    try:
        while True:
            opened.extend(socket.socketpair())
    except OSError:
        return len(opened)


def deep_directories(depth: int) -> int:
    os.chdir(SCRATCH)
    for _ in range(depth):
        os.mkdir("d", mode=0o700)
        os.chdir("d")
    return depth


def unreadable_directories() -> str:
    (SCRATCH / "a" / "b").mkdir(parents=True)
    (SCRATCH / "a" / "b" / "file").touch()
    (SCRATCH / "link").symlink_to("/etc")
    os.chmod(SCRATCH / "a" / "b", 0)
    os.chmod(SCRATCH / "a", 0)
    return "made"


def flood_stdout() -> NoReturn:
    while True:
        os.write(1, b"x" * 65_536)


def flood_stderr() -> NoReturn:
    while True:
        os.write(2, b"x" * 65_536)


def drip_stdout() -> NoReturn:
    while True:
        print("drip", flush=True)
        time.sleep(0.05)


def print_lines(count: int) -> str:
    for number in range(count):
        print(f"line {number}")
    print("to stderr", file=sys.stderr)
    return "printed"


def print_odd_bytes() -> str:
    os.write(1, b"\xff\x00\x1b]0;title\x07\xed\xa0\x80")
    return "printed"


def large_result() -> str:
    return "x" * 200_000


def larger_result() -> list[str]:
    return ["x" * 200_000] * 20


def limits() -> dict[str, list[int]]:
    import resource

    names = ("AS", "NPROC", "FSIZE", "NOFILE", "CORE", "CPU", "STACK", "MEMLOCK", "MSGQUEUE")
    return {name: list(resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))) for name in names}


def raise_limits() -> list[str]:
    """Names of the limits that could be raised."""
    import resource

    raised = []
    for name in ("AS", "NPROC", "FSIZE", "NOFILE", "CPU"):
        kind = getattr(resource, f"RLIMIT_{name}")
        soft, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (soft + 1, hard + 1))
        except ValueError:
            continue
        raised.append(name)
    return raised

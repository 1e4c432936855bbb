"""One file of a log, as the kernel has it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_OPENING_BYTES: Final = 4_096
"""More than an opening ever has."""

Version = tuple[int, int]
"""Of a file's content: its inode and size."""


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """The file at `path`, with nobody else at it; a new one where there is none."""
    while True:
        fd = os.open(path, _FLAGS, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            if _is_at(fd, path):  # else it was put aside while we waited
                yield fd
                return
        finally:
            os.close(fd)


def write_durably(fd: int, data: bytes) -> None:
    """All of it, at the end and on the disk; if it raises, perhaps a part."""
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]
    os.fdatasync(fd)


def version(fd: int) -> Version:
    status = os.fstat(fd)
    return status.st_ino, status.st_size


def is_new(fd: int) -> bool:
    """Whether it holds its opening alone: put aside for a record larger than a file, it would be so for ever."""
    beginning = os.pread(fd, _OPENING_BYTES + 1, 0)
    return len(beginning) <= _OPENING_BYTES and beginning.count(b"\n") <= 1


def sync_directory(path: Path) -> None:
    """What was made or renamed in it is so after a power cut, too."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _is_at(fd: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except FileNotFoundError:
        return False

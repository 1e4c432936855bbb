"""A directory that holds little: a file system of its own where we may mount one, a limit on files where we may not."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BYTES = 262_144


@dataclass(frozen=True)
class SmallDisk:
    path: Path
    kind: str
    limit: Callable[[], None]
    """To be called in the process that writes there, before it begins."""


@contextmanager
def small_disk(path: Path) -> Iterator[SmallDisk]:
    """`path`, made if missing, as a disk that is full after `BYTES`."""
    path.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={BYTES}", "tmpfs", str(path)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        yield SmallDisk(path, "files limited by RLIMIT_FSIZE: no right to mount a file system", _limit_files)
        return
    try:
        yield SmallDisk(path, "a tmpfs of its own", lambda: None)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (BYTES, BYTES))

"""The canary's guest programs. Read as text and run inside the isolation; the host never imports this module.

Each function tries what must not work and returns what it saw; the judgement is the host's.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

_SCRATCH = Path("/tmp")  # noqa: S108 - the isolation's own


def python() -> list[str]:
    return [sys.version, sys.executable]


def identity() -> dict[str, object]:
    return {"uids": list(os.getresuid()), "groups": os.getgroups(), "becomes_root": _works(lambda: os.setuid(0))}


def environment() -> list[str]:
    """Names of variables, its own and those of every process it can read."""
    names = set(os.environ)
    for found in Path("/proc").glob("[0-9]*/environ"):
        try:
            variables = found.read_bytes().split(b"\0")
        except OSError:
            continue
        names |= {variable.partition(b"=")[0].decode(errors="replace") for variable in variables if variable}
    return sorted(names)


def processes() -> list[list[str]]:
    """Command lines of all it can see."""
    seen = []
    for found in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = found.read_bytes()
        except OSError:
            continue
        if command:
            seen.append([word.decode(errors="replace") for word in command.split(b"\0")])
    return seen


def readable(paths: list[str]) -> list[str]:
    return [path for path in paths if Path(path).is_dir() or _works(Path(path).read_bytes)]


def writable() -> list[str]:
    """Directories outside the scratch directory that a file can be made in."""
    found = []
    for directory, inner, _ in os.walk("/"):
        here = Path(directory)
        if here != _SCRATCH and _works((here / "canary").touch):
            found.append(directory)
        if here == _SCRATCH or len(here.parts) > 4:
            inner.clear()
    return found


def scratch_room() -> int:
    """Bytes that fit into the scratch directory, over all files."""
    written = 0
    try:
        for number in range(64):
            with (_SCRATCH / str(number)).open("wb", buffering=0) as file:
                while count := file.write(b"x" * 65_536):
                    written += count
    except OSError:
        return written
    return written


def network() -> list[str]:
    """Socket families that can be used."""
    families = ("AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK")
    return [name for name in families if _works(partial(_open_socket, name))]


def unfiltered() -> list[str]:
    """A system call that the filter refuses and that nothing else would."""
    return ["memfd_create"] if _works(lambda: os.close(os.memfd_create("canary"))) else []


def open_files() -> list[int]:
    """File descriptors beyond standard streams and the call's own."""
    return [fd for fd in range(4, 1_024) if _works(partial(os.fstat, fd))]


def take_memory() -> int:
    return len(bytearray(1 << 40))


def fork_without_end() -> NoReturn:
    # One alone forks: of several at a time the kernel may refuse more than are too many, and each would say so.
    while True:
        if os.fork() == 0:
            os.setsid()
            while True:
                signal.pause()


def burn() -> NoReturn:
    while True:
        pass


def flood() -> NoReturn:
    while True:
        os.write(1, b"x" * 65_536)


def outlive(token: str) -> NoReturn:
    """Leave a daemon behind that shows `token` on its command line, and hang."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            command = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)", token]
            os.execv(sys.executable, command)  # noqa: S606 - a process that shows the token
    while True:
        pass


def _open_socket(family: str) -> None:
    socket.socket(getattr(socket, family)).close()


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True

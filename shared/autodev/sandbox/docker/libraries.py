"""The shared libraries that programs need, as the dynamic linker finds them here."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from autodev.sandbox.errors import IsolationUnavailable

_SECONDS = 30.0
_FOUND: Final = re.compile(r"^\s+(?:\S+ => )?(/\S+) \(0x[0-9a-f]+\)$", re.MULTILINE)
"""`libz.so.1 => /lib/libz.so.1 (0x…)`, or the linker itself: `/lib64/ld-linux-x86-64.so.2 (0x…)`."""
_LOADED_LATER: Final = ("libgcc_s.so.1",)
"""By the C library, beside which it is, when a thread ends."""


def shared_libraries(programs: Iterable[Path]) -> set[Path]:
    """All that the programs and libraries need, by the names that the linker asks for.

    Raises:
        IsolationUnavailable: there is no `ldd` to ask.
    """
    try:
        listed = subprocess.run(  # noqa: S603 - paths of the interpreter's own files
            ["ldd", *map(str, programs)],  # noqa: S607 - wherever the C library's tools are
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,  # it fails if one of them is linked statically
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise IsolationUnavailable(
            "docker image", f"ldd can't tell which libraries Python needs: {error}", "Install the C library's tools."
        ) from error
    return with_loaded_later(set(map(Path, _FOUND.findall(listed))))


def with_loaded_later(found: set[Path]) -> set[Path]:
    later = {directory / name for directory in {path.parent for path in found} for name in _LOADED_LATER}
    return found | {path for path in later if path.exists()}

"""What a guest sees of the host, whatever isolates it: its Python, our harness, and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from autodev.sandbox import harness
from autodev.sandbox.python_runtime import PythonRuntime

HARNESS: Final = Path("/harness")
SCRATCH: Final = Path("/tmp")  # noqa: S108 - the isolation's own
BOOT: Final = HARNESS / harness.BOOT
ENVIRONMENT: Final = {"LANG": "C.UTF-8", "HOME": str(SCRATCH), "TZ": "UTC"}
"""All of it, for launcher and guest alike: what the launcher has, a guest may find."""

_SYSTEM_DIRECTORIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/usr/share/zoneinfo")


def system_files(runtime: PythonRuntime) -> Sequence[tuple[Path, Path]]:
    """C library and interpreter, each at its own path (source, target), and nothing twice."""
    chosen: list[Path] = []
    for path in (*map(Path, (*_SYSTEM_DIRECTORIES, *_SYSTEM_FILES)), *runtime.parts):
        if path.exists() and not any(path.is_relative_to(directory) for directory in chosen):
            chosen.append(path)
    return [(path, path) for path in chosen]


def guest_command(runtime: PythonRuntime) -> list[str]:
    """What becomes process 1."""
    return [str(runtime.executable), "-I", "-S", "-B", str(BOOT), str(HARNESS / harness.MODULES)]

"""What a guest sees of the host, whatever isolates it: its Python, our harness, and nothing else. Pure."""

from __future__ import annotations

import compileall
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import autodev.sandbox.guest
import autodev.values
from autodev.sandbox.python_runtime import PythonRuntime

HARNESS: Final = Path("/harness")
SCRATCH: Final = Path("/tmp")  # noqa: S108 - the isolation's own
BOOT: Final = HARNESS / "autodev" / "sandbox" / "guest" / "boot.py"
ENVIRONMENT: Final = {"LANG": "C.UTF-8", "HOME": str(SCRATCH), "TZ": "UTC"}
"""All of it, for launcher and guest alike: what the launcher has, a guest may find."""

_SYSTEM_DIRECTORIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/usr/share/zoneinfo")


@dataclass(frozen=True, slots=True)
class HarnessMount:
    """A package of ours that the guest's process 1 imports."""

    source: Path
    package: str
    """Dotted name; where it is mounted follows from it."""

    @property
    def target(self) -> Path:
        return HARNESS.joinpath(*self.package.split("."))


def harness() -> Sequence[HarnessMount]:
    """Compiled ahead where the installation can be written; the guest can't, and would compile at each start."""
    mounts = [
        HarnessMount(Path(package.__path__[0]).resolve(), package.__name__)
        for package in (autodev.values, autodev.sandbox.guest)
    ]
    for mount in mounts:
        compileall.compile_dir(mount.source, quiet=2)
    return mounts


def system_files(runtime: PythonRuntime) -> Sequence[tuple[Path, Path]]:
    """C library and interpreter, each at its own path (source, target), and nothing twice."""
    chosen: list[Path] = []
    for path in (*map(Path, (*_SYSTEM_DIRECTORIES, *_SYSTEM_FILES)), *runtime.parts):
        if path.exists() and not any(path.is_relative_to(directory) for directory in chosen):
            chosen.append(path)
    return [(path, path) for path in chosen]

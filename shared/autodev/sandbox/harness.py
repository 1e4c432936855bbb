"""Our part of a guest, as files that an isolation is given: a script, and all its modules in one."""

from __future__ import annotations

import marshal
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType

from autodev import values
from autodev.sandbox import guest

BOOT = "boot.py"
MODULES = "guest.marshal"
_PACKAGES = (values, guest)


class Harness:
    """A directory with both files, made again where something cleared it away."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def directory(self) -> Path:
        """Where they are.

        Raises:
            OSError: they can't be written.
        """
        if not (self._directory / BOOT).is_file():
            self._directory.mkdir(parents=True, exist_ok=True)
            (self._directory / MODULES).write_bytes(marshal.dumps(modules()))
            shutil.copyfile(_directory_of(guest) / BOOT, self._directory / BOOT)
            for path in (self._directory, self._directory / MODULES, self._directory / BOOT):
                path.chmod(0o755 if path.is_dir() else 0o644)
        return self._directory


def modules() -> dict[str, tuple[bool, CodeType]]:
    """By dotted name: whether it is a package, and its code. For this very version of Python."""
    found = {}
    for package in _PACKAGES:
        *parents, _ = package.__name__.split(".")
        for depth in range(len(parents)):
            found[".".join(parents[: depth + 1])] = (True, compile("", "<package>", "exec"))
        found |= dict(_compiled(package))
    return found


def _compiled(package: ModuleType) -> Iterator[tuple[str, tuple[bool, CodeType]]]:
    directory = _directory_of(package)
    for path in sorted(directory.glob("*.py")):
        if path.name == BOOT:
            continue
        is_package = path.stem == "__init__"
        name = package.__name__ if is_package else f"{package.__name__}.{path.stem}"
        yield name, (is_package, compile(path.read_text(), str(path.name), "exec", dont_inherit=True, optimize=2))


def _directory_of(package: ModuleType) -> Path:
    return Path(package.__path__[0]).resolve()

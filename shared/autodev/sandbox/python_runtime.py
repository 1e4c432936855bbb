"""The Python that guests run: the host's own interpreter and standard library, and nothing that was installed."""

from __future__ import annotations

import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from autodev.sandbox.errors import IsolationUnavailable

_DEBIAN_PACKAGES = Path("/usr/lib/python3/dist-packages")


@dataclass(frozen=True, slots=True)
class PythonRuntime:
    """Real paths, to be bound where they are: elsewhere an interpreter may load another one's library."""

    executable: Path
    version: str
    """`sys.version`, which the guest has to report."""
    parts: tuple[Path, ...]
    """What the interpreter is made of."""
    packages: tuple[Path, ...]
    """Directories of installed packages among the parts, to be hidden."""

    @classmethod
    def of_host(cls) -> Self:
        """The interpreter that runs this, or the one its virtual environment was made from.

        Raises:
            IsolationUnavailable: it is not where an interpreter of this version belongs.
        """
        name = f"python{sys.version_info.major}.{sys.version_info.minor}"
        executable = (Path(sys.base_exec_prefix) / "bin" / name).resolve()
        if not executable.is_file():
            raise IsolationUnavailable(
                "python", f"{executable} is missing", f"Use a Python that is installed as bin/{name} of its prefix."
            )
        standard_library = Path(sysconfig.get_path("stdlib")).resolve()
        parts = [executable, standard_library]
        if library := _shared_library():
            parts.append(library)
        packages = (standard_library / "site-packages", standard_library / "dist-packages", _DEBIAN_PACKAGES)
        return cls(executable, sys.version, tuple(parts), tuple(path for path in packages if path.is_dir()))


def _shared_library() -> Path | None:
    directory, name = sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("INSTSONAME")
    if not (directory and name and name.startswith("libpython") and ".so" in name):
        return None
    path = (Path(directory) / name).resolve()
    return path if path.is_file() else None

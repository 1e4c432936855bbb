"""The unprivileged account that servers run as which refuse to be root, as PostgreSQL does."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

# Required by the Linux Standard Base, so every distribution has it. Never `nobody`: sandboxed guests run as that.
_NAME = "daemon"


@dataclass(frozen=True, slots=True)
class Account:
    """A system account by name and numeric ids."""

    name: str
    uid: int
    gid: int

    def give(self, path: Path, *, mode: int) -> None:
        """Make this account the owner of `path` and set its permission bits."""
        os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def closed_parent_of(self, path: Path) -> Path | None:
        """The outermost directory above `path` that this account may not enter, or None."""
        for parent in reversed(path.resolve().parents):
            status = parent.stat()
            allowed = stat.S_IXUSR if status.st_uid == self.uid else stat.S_IXOTH
            if not status.st_mode & allowed:
                return parent
        return None


def unprivileged_account() -> Account | None:
    """The account to drop to, or None when this process is not root and needs none."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(_NAME)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)

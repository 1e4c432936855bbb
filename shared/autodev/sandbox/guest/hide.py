"""Out of sight: files that a launcher had to leave in place. A container can't be without /proc and /sys."""

from __future__ import annotations

import os

from autodev.sandbox.guest.kernel import libc, require
from autodev.sandbox.guest.scratch import SCRATCH

_PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # asm-generic/unistd.h: the same on every machine
_VERSION, _PATH_BENEATH = 1, 1  # linux/landlock.h
_OLDEST = 2
"""Version of Landlock, Linux 5.19's: in the first one nothing can be moved to another directory."""

# LANDLOCK_ACCESS_FS_* of linux/landlock.h, in their order.
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _MAKE_CHAR, _MAKE_BLOCK = 1, 2, 4, 8, 1 << 6, 1 << 11
_EVERYTHING = (1 << 14) - 1
_OF_DIRECTORIES = _EXECUTE | _READ_FILE | _READ_DIR
_OF_FILES = _EXECUTE | _READ_FILE | _WRITE_FILE
"""Writing is for devices: what else is visible belongs to root, on a read-only mount."""
_OF_SCRATCH = _EVERYTHING & ~(_EXECUTE | _MAKE_CHAR | _MAKE_BLOCK)


def hide_all_but(visible: tuple[str, ...]) -> None:
    """Of this process and all that come of it: no file can be opened but these, what is below them, and scratch.

    Raises SystemExit: the kernel can't.
    """
    version = libc("syscall", _CREATE_RULESET, None, 0, _VERSION)
    if version < _OLDEST:
        raise SystemExit(f"the guest could not hide files: it takes Landlock {_OLDEST}, and the kernel has {version}")
    rules = libc("syscall", _CREATE_RULESET, _EVERYTHING.to_bytes(8, "little"), 8, 0)
    require(min(rules, 0), "hide files")
    for path in visible:
        _allow(rules, path, None)
    _allow(rules, SCRATCH, _OF_SCRATCH)
    require(libc("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up gaining rights")
    require(libc("syscall", _RESTRICT_SELF, rules, 0), "hide files")
    os.close(rules)


def _allow(rules: int, path: str, access: int | None) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        raise SystemExit(f"the guest could not keep {path} visible: {error}") from None
    if access is None:
        access = _OF_DIRECTORIES if os.fstat(fd).st_mode & 0o170000 == 0o040000 else _OF_FILES
    rule = access.to_bytes(8, "little") + fd.to_bytes(4, "little")
    require(libc("syscall", _ADD_RULE, rules, _PATH_BENEATH, rule, 0), f"keep {path} visible")
    os.close(fd)

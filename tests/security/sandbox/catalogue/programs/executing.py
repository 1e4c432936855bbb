"""Programs that were not there before."""

from __future__ import annotations

import ctypes
import mmap
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.security.sandbox.catalogue.programs import attempt

SCRATCH = "/tmp"
SHELLS = ("/bin/sh", "/bin/bash", "/usr/bin/env", "/bin/busybox", "/usr/bin/perl", "/usr/bin/gcc", "/usr/bin/su")


def from_scratch() -> str:
    Path(f"{SCRATCH}/program").write_text(f"#!{sys.executable}\n")
    os.chmod(f"{SCRATCH}/program", 0o755)
    return attempt.outcome(lambda: subprocess.run([f"{SCRATCH}/program"], check=True))


def copy_of_the_interpreter() -> str:
    shutil.copy(sys.executable, f"{SCRATCH}/python")
    return attempt.outcome(lambda: subprocess.run([f"{SCRATCH}/python", "-c", ""], check=True))


def by_the_loader() -> str:
    """The dynamic loader would map a program that the kernel would not run."""
    shutil.copy(sys.executable, f"{SCRATCH}/python")
    loaders = [*Path("/lib64").glob("ld-*"), *Path("/lib").glob("ld-*")]
    for loader in loaders:
        ended = subprocess.run(
            [loader, f"{SCRATCH}/python", "-I", "-c", "print('ran')"], capture_output=True, check=False
        )
        if b"ran" in ended.stdout:
            return "made"
    return "refused"


def library_from_scratch() -> str:
    library = next(Path(os.__file__).with_name("lib-dynload").glob("*.so"))
    shutil.copy(library, f"{SCRATCH}/library.so")
    return attempt.outcome(lambda: ctypes.CDLL(f"{SCRATCH}/library.so"))


def mapped_from_scratch() -> str:
    Path(f"{SCRATCH}/code").write_bytes(b"\xc3" * mmap.PAGESIZE)
    with open(f"{SCRATCH}/code", "rb") as file:
        return attempt.outcome(lambda: mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ | mmap.PROT_EXEC))


def from_memory() -> str:
    def run() -> None:
        fd = os.memfd_create("program")
        attempt.write_all(fd, Path(sys.executable).read_bytes()[: 1 << 19])
        os.execve(fd, ["program"], {})

    return attempt.outcome(run)


def shells() -> list[str]:
    return [path for path in SHELLS if os.path.exists(path)]


def gaining_rights() -> dict[str, bool]:
    """Programs that run as somebody else are among the host's libraries: whether anyone could gain by them."""
    Path(f"{SCRATCH}/mine").touch()
    os.chmod(f"{SCRATCH}/mine", 0o6755)
    no_new_privileges = ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)  # PR_GET_NO_NEW_PRIVS
    places = ("/", "/usr/lib", SCRATCH, os.path.dirname(os.__file__))
    without = [place for place in places if not os.statvfs(place).f_flag & os.ST_NOSUID]
    return {"by exec": no_new_privileges != 1, "by a file": bool(without)}

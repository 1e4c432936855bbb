"""Files without end, in number, size and depth."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count

from tests.security.sandbox.catalogue.programs import attempt

SCRATCH = "/tmp"
EVERYWHERE = (
    "/",
    "/dev",
    "/dev/shm",
    "/etc",
    "/usr",
    "/usr/lib",
    "/harness",
    "/harness/autodev",
    "/proc",
    "/sys",
    "/run",
)


def disk_fill_scratch() -> int:
    """Bytes that fit, over all files."""
    written = 0
    with suppress(OSError):
        for number in count():
            with open(f"{SCRATCH}/{number}", "wb", buffering=0) as file:
                while size := file.write(b"x" * 65_536):
                    written += size
    return written


def disk_fill_elsewhere() -> list[str]:
    """Directories outside the scratch directory in which something could be made."""
    here = [*EVERYWHERE, *(inner for directory in ("/", "/usr") for inner in _directories(directory))]
    tries = {path: lambda path=path: _touch(f"{path}/x") for path in here if path != SCRATCH}
    return attempt.made(tries)


def sparse_file() -> str:
    """A petabyte."""

    def make() -> None:
        with open(f"{SCRATCH}/large", "wb") as file:
            os.ftruncate(file.fileno(), 1 << 50)

    return attempt.outcome(make)


def sparse_file_by_seeking() -> str:
    def make() -> None:
        with open(f"{SCRATCH}/large", "wb", buffering=0) as file:
            file.seek(1 << 50)
            file.write(b"x")

    return attempt.outcome(make)


def preallocated_file() -> str:
    def make() -> None:
        with open(f"{SCRATCH}/large", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 1 << 33)

    return attempt.outcome(make)


def files_without_names() -> int:
    """Each deleted as soon as it is open."""
    kept = []
    written = 0
    with suppress(OSError):
        for number in count():
            file = open(f"{SCRATCH}/{number}", "wb", buffering=0)  # noqa: SIM115
            os.unlink(f"{SCRATCH}/{number}")
            kept.append(file)
            written += file.write(b"x" * 65_536)
    return written


def inode_exhaust() -> int:
    made = 0
    with suppress(OSError):
        for made in count():
            _touch(f"{SCRATCH}/{made}")
    return made


def inodes_by_directories() -> int:
    made = 0
    with suppress(OSError):
        for made in count():
            os.mkdir(f"{SCRATCH}/{made}", 0)
    return made


def hard_links() -> int:
    """Names cost memory too."""
    _touch(f"{SCRATCH}/one")
    made = 0
    with suppress(OSError):
        for made in count():
            os.link(f"{SCRATCH}/one", f"{SCRATCH}/{made}-{'x' * 200}")
    return made


def deep_directories() -> int:
    """As deep as it goes, and none of them may be entered."""
    os.chdir(SCRATCH)
    depth = 0
    with suppress(OSError):
        while depth < 2_000:
            os.mkdir("d", 0o700)
            os.chdir("d")
            depth += 1
    return depth


def attributes_without_end() -> int:
    """Extended attributes are not in a file's size."""
    _touch(f"{SCRATCH}/one")
    written = 0
    with suppress(OSError):
        for number in count():
            os.setxattr(f"{SCRATCH}/one", f"user.{number}", b"x" * 60_000)
            written += 60_000
    return written


def names_nobody_can_spell() -> int:
    """Bytes that are no text, control characters, and the longest there are; modes that forbid everything."""
    names = [bytes([byte]) * 200 for byte in range(1, 256) if byte not in b"/."]
    for number, name in enumerate(names):
        path = SCRATCH.encode() + b"/" + name
        if number % 3:
            _touch(path)
            os.chmod(path, 0)
        else:
            os.mkdir(path)
            os.symlink(b"/" + name, path + b"/" + name)
            attempt.outcome(lambda path=path: os.mkfifo(path + b"/fifo", 0))  # type: ignore[misc]
            os.chmod(path, 0)
    return len(names)


def symlinks_out() -> list[str]:
    """Each can be made; to follow one leads nowhere."""
    targets = [
        "/etc/shadow",
        "/root/.ssh",
        "/proc/1/root",
        "/proc/self/fd/0",
        "/..",
        "/../../../../etc/passwd",
        "/dev/vda",
    ]
    for number, target in enumerate(targets):
        os.symlink(target, f"{SCRATCH}/{number}")
    os.symlink(SCRATCH, f"{SCRATCH}/circle")
    return attempt.readable(f"{SCRATCH}/{number}" for number, target in enumerate(targets) if target != "/..")


def file_descriptors() -> int:
    opened = []
    with suppress(OSError):
        while True:
            opened.append(os.dup(0))
    return len(opened)


def leave_files() -> list[str]:
    """What was here before, and what is left for the next."""
    found = sorted(os.listdir(SCRATCH))
    for name in ("sitecustomize.py", "json.py", ".hidden", "autodev"):
        _touch(f"{SCRATCH}/{name}")
    os.mkdir(f"{SCRATCH}/d")
    os.chmod(f"{SCRATCH}/d", 0)
    attempt.outcome(lambda: os.chmod(SCRATCH, 0))
    attempt.outcome(lambda: os.rename(SCRATCH, "/elsewhere"))
    return found


def _touch(path: str | bytes) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _directories(directory: str) -> list[str]:
    try:
        return [entry.path for entry in os.scandir(directory) if entry.is_dir(follow_symlinks=False)]
    except OSError:  # not to be listed, and to be tried all the same
        return [directory]

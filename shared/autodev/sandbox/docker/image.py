"""The image, made here: no registry is asked for anything."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from pathlib import Path
from typing import IO, Final

from autodev.sandbox.docker.daemon import Daemon, DaemonError
from autodev.sandbox.docker.files import Content, directories
from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.guest_files import SCRATCH

LABEL: Final = "autodev.sandbox.content"
NAME: Final = "autodev-sandbox"
_FORMAT: Final = b"2"
"""Of the archive: another one makes another image."""
_IN_MEMORY = 1 << 20


def find_or_make_image(daemon: Daemon, content: Content) -> str:
    """Its id: of the one with this content, made unless it is there.

    Raises:
        IsolationUnavailable: it is not there and can't be made.
    """
    digest = content_digest(content)
    label = f"{LABEL}={digest}"
    try:
        if not (found := daemon.images(label)):
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as archive:
                write_archive(content, archive)
                archive.seek(0)
                daemon.import_image(archive, NAME, digest[:12], label)
            found = daemon.images(label)
        return found[0]
    except (DaemonError, OSError, IndexError) as error:
        remedy = "Check that the daemon has room for an image of about 60 MB."
        raise IsolationUnavailable("docker image", f"it can't be made: {error}", remedy) from error


def content_digest(content: Content) -> str:
    """Of names, modes, times and bytes: of all that is in the archive."""
    digest = hashlib.sha256(_FORMAT)
    for target, source in content.items():
        if source.is_symlink():
            digest.update(f"{target}\0{source.readlink()}\0".encode())
            continue
        status = source.stat()
        digest.update(f"{target}\0{_mode(source)}\0{int(status.st_mtime)}\0{status.st_size}\0".encode())
        with source.open("rb", buffering=0) as file:
            digest.update(file.readall())
    return digest.hexdigest()


def write_archive(content: Content, archive: IO[bytes]) -> None:
    """All of it owned by root, and for nobody to write."""
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for directory in directories(content):
            entry = _entry(directory, tarfile.DIRTYPE)
            # What is mounted on a directory takes its mode, whatever it was mounted with.
            entry.mode = 0o1777 if directory == SCRATCH else 0o755
            tar.addfile(entry)
        for target, source in content.items():
            if source.is_symlink():
                entry = _entry(target, tarfile.SYMTYPE)
                entry.linkname = str(source.readlink())
                tar.addfile(entry)
                continue
            entry = _entry(target, tarfile.REGTYPE)
            status = source.stat()
            # Compiled modules name the time and size of their sources, and are ignored where these differ.
            entry.mode, entry.mtime, entry.size = _mode(source), int(status.st_mtime), status.st_size
            with source.open("rb") as file:
                tar.addfile(entry, file)


def _mode(source: Path) -> int:
    return 0o555 if source.stat().st_mode & 0o111 else 0o444


def _entry(path: Path, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(str(path).lstrip("/"))
    entry.type = kind
    return entry

"""The files: lines at their end, one after the other, whoever else writes to them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

from autodev.sandbox.audit.chain import CUT, OPENED, START, Link, sha256, write_line
from autodev.sandbox.audit.errors import AuditError
from autodev.sandbox.audit.file import Version, is_new, locked, sync_directory, version, write_durably
from autodev.sandbox.audit.rotation import earlier_files, next_name
from autodev.sandbox.audit.tail import Tail, read_tail

FILE_BYTES: Final = 64 * (1 << 20)


class AuditLog:
    """One file that grows, and those that it was before it became too large.

    A record is on the disk (fdatasync) when `append` returns. A process that dies within it leaves a line without an
    end, which the next record tells of. Several processes and threads may write to one log: they take turns.
    """

    def __init__(self, path: Path, *, file_bytes: int = FILE_BYTES, files: int | None = None) -> None:
        """`file_bytes`: beyond it the file is put aside, as ``NAME.NUMBER``. `files`: how many of those are kept.

        The number is that of its last line. With `files` None all are kept; at least one is, for the next to go on.
        """
        if files is not None and files < 1:
            raise ValueError(f"an audit log keeps at least one file that was put aside, not {files}")
        self.path = path
        self._file_bytes = file_bytes
        self._files = files
        self._turn = Lock()
        self._known: tuple[Version, Link] | None = None

    def append(self, kind: str, fields: Mapping[str, Any]) -> Link:
        """Add a record; blocks until it is on the disk. Nothing in `fields` may be a guest's text.

        Raises:
            AuditError: it is not written, or the file is no audit log.
        """
        with self._failing_as_one(), self._turn:
            return self._append(kind, {"time": _now(), **fields})

    def open(self) -> Link:
        """Begin the file if there is none, and note what a crash cut: its last line. As `append` raises."""
        with self._failing_as_one(), self._turn, locked(self.path) as fd:
            return self._ready(fd)

    def _append(self, kind: str, fields: Mapping[str, Any]) -> Link:
        while True:
            with locked(self.path) as fd:
                last = self._ready(fd)
                text, link = write_line(last, kind, fields)
                if os.fstat(fd).st_size + len(text) > self._file_bytes and not is_new(fd):
                    self._put_aside(last)
                    continue
                self._write(fd, text, link)
                return link

    def _ready(self, fd: int) -> Link:
        """The last line, behind which the next may be written: in a new file its opening, after a crash its note."""
        if self._known is not None and self._known[0] == version(fd):
            return self._known[1]
        tail = read_tail(fd)
        if tail.last is not None and not tail.cut:
            if tail.unended:
                os.write(fd, b"\n")
            return tail.last
        last, after = (tail.last, None) if tail.last is not None else self._before()
        fields: dict[str, Any] = {"time": _now(), "after": after}
        if not tail.cut:
            sync_directory(self.path.parent)
            return self._write(fd, *write_line(last, OPENED, fields))
        noted = {**fields, "cut_bytes": len(tail.cut), "cut_sha256": sha256(tail.cut)}
        text, link = write_line(last, CUT, noted)
        return self._write(fd, b"\n" + text, link)

    def _before(self) -> tuple[Link, str | None]:
        """What a new file goes on from: the end of the last one that was put aside."""
        earlier = earlier_files(self.path)
        if not earlier:
            return START, None
        fd = os.open(earlier[-1], os.O_RDONLY | os.O_CLOEXEC)
        try:
            tail: Tail = read_tail(fd)
        finally:
            os.close(fd)
        return tail.last or START, earlier[-1].name

    def _write(self, fd: int, text: bytes, link: Link) -> Link:
        write_durably(fd, text + b"\n")
        self._known = (version(fd), link)
        return link

    def _put_aside(self, last: Link) -> None:
        self.path.rename(next_name(self.path, last.seq))
        if self._files is not None:
            for old in earlier_files(self.path)[: -self._files]:
                old.unlink()
        sync_directory(self.path.parent)

    @contextmanager
    def _failing_as_one(self) -> Iterator[None]:
        try:
            yield
        except (OSError, AuditError) as error:
            self._known = None
            raise AuditError(f"{self.path}: no audit record was written: {error}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat()

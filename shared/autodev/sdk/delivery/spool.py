"""Records on disk while the broker is away: in order, bounded, and there after the process is gone.

Each process writes a file of its own and holds a lock on it for as long as it lives; a file whose lock is free was
left behind, and the next process of the same agent takes it over.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from autodev.events.record import OutgoingRecord
from autodev.sdk.delivery.spool_file import SpoolFile, to_line
from autodev.sdk.log import log

MAX_BYTES = 67_108_864


class Spool:
    """A queue of records in one file. Records leave it only when told that they arrived."""

    def __init__(self, directory: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._directory = directory
        self._max_bytes = max_bytes
        self._files: list[SpoolFile] = []
        self._adopt()

    @property
    def is_empty(self) -> bool:
        return not self._files

    def append(self, records: Sequence[OutgoingRecord]) -> int:
        """Write `records` to disk, synced; how many of them, counted from the first, had room.

        Raises:
            OSError: the directory or the disk refuses even the first.
        """
        lines: list[bytes] = []
        size = sum(file.size for file in self._files)
        for record in records:
            line = to_line(record)
            if size + len(line) > self._max_bytes:
                break
            size += len(line)
            lines.append(line)
        return self._append(lines) if lines else 0

    def oldest(self, limit: int) -> list[OutgoingRecord]:
        """Up to `limit` of the records that have waited longest. They stay until `forget`."""
        return self._files[0].peek(limit) if self._files else []

    def forget(self, arrived: int) -> None:
        """The first `arrived` records of `oldest` are at the broker."""
        file = self._files[0]
        file.skip(arrived)
        if file.is_done:
            file.remove()
            del self._files[0]

    def set_aside(self) -> None:
        """The disk refuses the oldest file: let go of it, for the next process to take over."""
        with suppress(OSError):
            self._files.pop(0).close()

    def close(self) -> None:
        """Let go of the files, for the next process to take over."""
        for file in self._files:
            file.close()
        self._files.clear()

    def _append(self, lines: Sequence[bytes]) -> int:
        """How many of `lines` a disk takes that may be nearly full."""
        file, kept, at_once = self._own(), 0, len(lines)
        while kept < len(lines):
            try:
                file.append(lines[kept : kept + at_once])
            except OSError:
                if at_once == 1 and kept:
                    break
                if at_once == 1:
                    raise
                at_once //= 2
            else:
                kept += len(lines[kept : kept + at_once])
        return kept

    def _own(self) -> SpoolFile:
        if not self._files or not self._files[-1].is_own:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self._created()
            while not file.is_locked:  # another process looked into the directory at this very moment
                file.close()
                file = self._created()
            self._files.append(file)
        return self._files[-1]

    def _created(self) -> SpoolFile:
        return SpoolFile(self._directory / f"{os.getpid()}-{uuid4().hex}.jsonl", is_own=True)

    def _adopt(self) -> None:
        for path in sorted(self._directory.glob("*.jsonl"), key=_age):
            try:
                file = SpoolFile(path, is_own=False)
            except OSError as error:
                log.warning("reports left behind in %s can't be sent: %s", path, error)
                continue
            if not file.is_locked or file.is_done:
                file.close()
            else:
                self._files.append(file)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # its owner has removed it meanwhile
        return 0.0

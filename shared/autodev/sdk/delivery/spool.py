"""Records on disk while the broker is away: in order, bounded, and there after the process is gone.

Each process writes a file of its own and holds a lock on it for as long as it lives; a file whose lock is free was
left behind, and the next process of the same agent takes it over.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import orjson

from autodev.events.record import OutgoingRecord
from autodev.sdk.log import log

MAX_BYTES = 67_108_864


class Spool:
    """A queue of records in one file. Records leave it only when told that they arrived."""

    def __init__(self, directory: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._directory = directory
        self._max_bytes = max_bytes
        self._files: list[_File] = []
        self._adopt()

    @property
    def is_empty(self) -> bool:
        return not self._files

    def append(self, records: Sequence[OutgoingRecord]) -> int:
        """Write `records` to disk, synced; how many of them, counted from the first, had room.

        Raises:
            OSError: the directory or the disk refuses; then none was written.
        """
        lines: list[bytes] = []
        size = sum(file.size for file in self._files)
        for record in records:
            line = _line(record)
            if size + len(line) > self._max_bytes:
                break
            size += len(line)
            lines.append(line)
        if lines:
            self._own().append(lines)
        return len(lines)

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

    def close(self) -> None:
        """Let go of the files, for the next process to take over."""
        for file in self._files:
            file.close()
        self._files.clear()

    def _own(self) -> _File:
        if not self._files or not self._files[-1].is_own:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self._created()
            while not file.is_locked:  # another process looked into the directory at this very moment
                file.close()
                file = self._created()
            self._files.append(file)
        return self._files[-1]

    def _created(self) -> _File:
        return _File(self._directory / f"{os.getpid()}-{uuid4().hex}.jsonl", is_own=True)

    def _adopt(self) -> None:
        for path in sorted(self._directory.glob("*.jsonl"), key=_age):
            try:
                file = _File(path, is_own=False)
            except OSError as error:
                log.warning("reports left behind in %s can't be sent: %s", path, error)
                continue
            if not file.is_locked or file.is_done:
                file.close()
            else:
                self._files.append(file)


class _File:
    def __init__(self, path: Path, *, is_own: bool) -> None:
        self._path = path
        self.is_own = is_own
        self._io: BinaryIO = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
        self.is_locked = _locked(self._io)
        self.size = os.fstat(self._io.fileno()).st_size
        self._read_to = 0
        self._peeked: list[int] = []

    @property
    def is_done(self) -> bool:
        return self._read_to >= self.size

    def append(self, lines: Sequence[bytes]) -> None:
        data = b"".join(lines)
        descriptor = self._io.fileno()
        try:
            _write_all(descriptor, data, self.size)
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, self.size)  # half a line would spoil the one after it
            raise
        self.size += len(data)

    def peek(self, limit: int) -> list[OutgoingRecord]:
        records: list[OutgoingRecord] = []
        self._peeked = []
        self._io.seek(self._read_to)
        for line in self._lines():
            record = _record(line)
            if record is None:
                # The last write of a process that died while writing.
                continue
            records.append(record)
            self._peeked.append(self._io.tell())
            if len(records) == limit:
                break
        if not records:
            self._read_to = self.size
        return records

    def skip(self, count: int) -> None:
        if count:
            self._read_to = self._peeked[count - 1]

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        self._io.close()

    def _lines(self) -> Iterator[bytes]:
        while line := self._io.readline():
            yield line


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # its owner has removed it meanwhile
        return 0.0


def _locked(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _write_all(descriptor: int, data: bytes, offset: int) -> None:
    written = 0
    while written < len(data):
        written += os.pwrite(descriptor, data[written:], offset + written)


def _line(record: OutgoingRecord) -> bytes:
    return orjson.dumps(
        {
            "topic": record.topic,
            "key": _text(record.key),
            "value": _text(record.value),
            "headers": [(name, _text(value)) for name, value in record.headers],
            "timestamp_ms": record.timestamp_ms,
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


def _record(line: bytes) -> OutgoingRecord | None:
    try:
        fields = orjson.loads(line)
        return OutgoingRecord(
            topic=fields["topic"],
            key=_bytes(fields["key"]),
            value=_bytes(fields["value"]),
            headers=tuple((name, _bytes(value)) for name, value in fields["headers"]),
            timestamp_ms=fields["timestamp_ms"],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _text(data: bytes | None) -> str | None:
    # Events are JSON and headers are text, so all of it is UTF-8 already.
    return None if data is None else data.decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()

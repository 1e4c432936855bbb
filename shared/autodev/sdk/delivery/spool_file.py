"""One file of waiting records, a JSON object a line, locked by the process that writes or replays it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import orjson

from autodev.events.record import OutgoingRecord


class SpoolFile:
    """Appended at its end, read from its start; what has been read is remembered in memory only."""

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
        """Write `lines` to disk, all or none.

        Raises:
            OSError: the disk refuses.
        """
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
        """Up to `limit` of the records that have not been skipped."""
        records: list[OutgoingRecord] = []
        self._peeked = []
        self._io.seek(self._read_to)
        for line in iter(self._io.readline, b""):
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
        """The first `count` records of the last `peek` need not be seen again."""
        if count:
            self._read_to = self._peeked[count - 1]

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        self._io.close()


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


def to_line(record: OutgoingRecord) -> bytes:
    """The line that stands for `record`, newline included."""
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

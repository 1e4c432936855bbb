"""A file of results that a batch adds to, and goes on from after it was stopped."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

_BEGINS: Final = b'{"id": '
"""As each line does that `add` writes."""


class ResultsError(ValueError):
    """This file can't be gone on with; nothing of it was changed. The message says why."""


class ResultsFile:
    """One JSON object a line, each on the disk before the next program begins. The last line of an id counts."""

    def __init__(self, path: Path, settings: Mapping[str, Any]) -> None:
        """Reads what is there. What a crash cut off is the last line alone, which is removed.

        Raises:
            OSError: it can't be read or written.
            ResultsError: another run writes to it, it holds something else, or results of other settings.
        """
        self._settings = dict(settings)
        self._file = path.open("a+b")
        try:
            self._lock()
            self._file.seek(0)
            whole, newline, cut = self._file.read().rpartition(b"\n")
            self._results = {result["id"]: result for result in self._read(whole, cut)}
            self._file.truncate(len(whole + newline))
        except BaseException:
            self._file.close()
            raise

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ResultsError("another run writes to it; wait for it, or give another file") from None

    def _read(self, text: bytes, cut: bytes) -> Iterator[dict[str, Any]]:
        if not (cut.startswith(_BEGINS) or _BEGINS.startswith(cut)):
            raise ResultsError("its last line is no result of this command; give another file")
        for number, line in enumerate(text.split(b"\n") if text else (), start=1):
            try:
                result = json.loads(line)
            except ValueError:
                result = None
            if not isinstance(result, dict) or "settings" not in result or not isinstance(result.get("id"), str):
                raise ResultsError(f"line {number} is no result of this command; give another file")
            if result["settings"] != self._settings:
                raise ResultsError(
                    f"line {number} was made with other settings ({_told(result['settings'])}, now "
                    f"{_told(self._settings)}); give these, or another file"
                )
            yield result

    @property
    def results(self) -> list[dict[str, Any]]:
        return list(self._results.values())

    def has(self, program_id: str, digest: str) -> bool:
        """Whether this very program has a result; one that was changed since has none."""
        return program_id in self._results and self._results[program_id].get("program") == digest

    def add(self, result: Mapping[str, Any], digest: str) -> None:
        told = {"id": result["id"], **result, "program": digest, "settings": self._settings}
        self._results[told["id"]] = told
        self._file.write(json.dumps(told).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def _told(settings: object) -> str:
    return " ".join(f"{name}={value}" for name, value in settings.items()) if isinstance(settings, dict) else "none"

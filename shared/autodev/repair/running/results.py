"""A file of results that a batch adds to, and goes on from after it was stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ResultsFile:
    """One JSON object a line, each on the disk before the next program begins."""

    def __init__(self, path: Path) -> None:
        """Reads what is there; a line that was cut off by a crash is left out, and removed.

        Raises:
            OSError: it can't be read or written.
        """
        self.results: list[dict[str, Any]] = []
        whole = b""
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
            try:
                result = json.loads(line)
            except ValueError:
                break
            if not line.endswith(b"\n") or not isinstance(result, dict) or "id" not in result:
                break
            self.results.append(result)
            whole += line
        self._file = path.open("r+b" if path.exists() else "w+b")
        self._file.truncate(len(whole))
        self._file.seek(len(whole))

    def add(self, result: Mapping[str, Any]) -> None:
        self.results.append(dict(result))
        self._file.write(json.dumps(result).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

"""The logs of a stack's parts: their last lines, and what comes."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log of one part, without its end."""

    part: str
    text: str


def log_files(directory: Path) -> dict[str, Path]:
    """The log of each part that has written one, by the name of the part."""
    return {path.stem: path for path in sorted((directory / "logs").glob("*.log"))}


def last_lines(files: dict[str, Path], count: int) -> Iterator[Line]:
    """The last `count` lines of each file, file after file."""
    for part, path in files.items():
        with path.open(errors="replace") as file:
            for text in deque(file, maxlen=count):
                yield Line(part, text.rstrip("\n"))


def follow(files: dict[str, Path]) -> Generator[Line, None, None]:
    """Lines that are added from now on, for ever; a file that is rotated away is followed into its successor."""
    tails = [_Tail(part, path) for part, path in files.items()]
    try:
        while True:
            lines = [line for tail in tails for line in tail.new_lines()]
            yield from lines
            if not lines:
                time.sleep(_POLL_SECONDS)
    finally:
        for tail in tails:
            tail.close()


class _Tail:
    def __init__(self, part: str, path: Path) -> None:
        self._part = part
        self._path = path
        self._file = self._open()
        self._file.seek(0, 2)
        self._pending = ""

    def new_lines(self) -> Iterator[Line]:
        text = self._file.read()
        if not text and self._is_rotated():
            self._file.close()
            self._file = self._open()
            text = self._file.read()
        *complete, self._pending = (self._pending + text).split("\n")
        for line in complete:
            yield Line(self._part, line)

    def close(self) -> None:
        self._file.close()

    def _open(self) -> TextIO:
        return self._path.open(errors="replace")

    def _is_rotated(self) -> bool:
        try:
            current = self._path.stat()
        except FileNotFoundError:  # between the renaming and the new file
            return False
        return current.st_ino != os.fstat(self._file.fileno()).st_ino

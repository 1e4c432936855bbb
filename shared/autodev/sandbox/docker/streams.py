"""A container's output as the daemon sends it, standard output and error in one stream (`attach` of its API)."""

from __future__ import annotations

import struct
from typing import Final

STDOUT: Final = 1
STDERR: Final = 2
HEADER: Final = struct.Struct("!B3xI")
"""Which of the two, and how many bytes of it follow."""


class StreamError(ValueError):
    """The bytes are not what the daemon sends."""


class Demultiplexer:
    """Takes chunks as they come, and passes on what they hold at once: nothing waits for the end of a part."""

    def __init__(self) -> None:
        self._header = b""
        self._stream = STDOUT
        self._left = 0
        """Of the part that has begun."""

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Pieces of either stream, in their order.

        Raises:
            StreamError: a part is of neither.
        """
        pieces = []
        while data:
            if self._left:
                piece, data = data[: self._left], data[self._left :]
                self._left -= len(piece)
                pieces.append((self._stream, piece))
                continue
            missing = HEADER.size - len(self._header)
            self._header, data = self._header + data[:missing], data[missing:]
            if len(self._header) == HEADER.size:
                self._begin()
        return pieces

    def _begin(self) -> None:
        self._stream, self._left = HEADER.unpack(self._header)
        self._header = b""
        if self._stream not in (STDOUT, STDERR):
            raise StreamError(f"a part of stream {self._stream}")

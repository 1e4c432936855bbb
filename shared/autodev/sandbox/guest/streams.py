"""The reading ends of a guest process's pipes: read as data comes, bounded whatever comes."""

from __future__ import annotations

import os
import struct
import time

from autodev.sandbox.guest.wire import Captured

LENGTH = struct.Struct("!I")
"""Before each answer, its length. One byte more than any may have stands alone: this answer is too large."""
_READ_SIZE = 65_536


class Stream:
    """A pipe of which the process holds the writing end."""

    def __init__(self, cap: int) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        self._total = 0
        self._cap = cap

    @property
    def over_cap(self) -> bool:
        return self._total > self._cap

    def read(self) -> bool:
        """Take what is there; False at the end of the stream."""
        try:
            data = os.read(self.reader, _READ_SIZE)
        except BlockingIOError:
            return True
        self._total += len(data)
        self._take(data)
        return bool(data)

    def drain(self) -> None:
        """Read to the end; every writer is dead by now, so it is at most a pipe away."""
        while self.read() and not self.over_cap:
            pass
        os.close(self.reader)

    def _take(self, data: bytes) -> None:
        raise NotImplementedError


class Output(Stream):
    """Standard output or error: its beginning and its end are kept, what is between them is counted."""

    def __init__(self, cap: int, head: int, tail: int) -> None:
        super().__init__(cap)
        self._head = bytearray()
        self._head_size = head
        self._tail = bytearray()
        self._tail_size = tail

    def captured(self) -> Captured:
        kept = len(self._head) + len(self._tail)
        return Captured(bytes(self._head), bytes(self._tail), self._total - kept)

    def _take(self, data: bytes) -> None:
        room = self._head_size - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        del self._tail[: max(0, len(self._tail) - self._tail_size)]


class Answers(Stream):
    """The pipe on which a process delivers one answer a call, in their order, each after its length."""

    def __init__(self, calls: int, cap: int, share: int) -> None:
        """`cap`: bytes of an answer. `share`: of all of them."""
        super().__init__(cap)
        self.calls = calls
        self._left = share
        self.payloads: list[bytes] = []
        self.seconds: list[float] = []
        """Between an answer and the one before it, or the start."""
        self.last = time.monotonic()
        self._kept = bytearray()
        self._oversized = False
        self.nonsense = False
        """A length that nobody honest writes."""

    @property
    def complete(self) -> bool:
        return len(self.payloads) == self.calls

    @property
    def over_cap(self) -> bool:
        """The next answer is larger than any may be, or than what is left for it."""
        return self._oversized

    @property
    def malformed(self) -> bool:
        """Bytes are left that are no answer: one cut short, or one more than there were calls."""
        return bool(self._kept)

    def _take(self, data: bytes) -> None:
        self._kept += data
        while not self.complete and len(self._kept) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._kept)
            if length > self._cap + 1:
                self.nonsense = True
                return
            if length > min(self._cap, self._left):
                self._oversized = True
                return
            end = LENGTH.size + length
            if len(self._kept) < end:
                return
            now = time.monotonic()
            self.payloads.append(bytes(self._kept[LENGTH.size : end]))
            self._left -= length
            self.seconds.append(now - self.last)
            self.last = now
            del self._kept[:end]

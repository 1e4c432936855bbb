"""Keeping a container's output flowing: an attached stream that nobody reads wedges the daemon."""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from autodev.sandbox.docker.streams import STDERR, STDOUT, Demultiplexer, StreamError

_READ_SIZE = 262_144
_DEATH_SECONDS = 1.0
"""After its streams have ended that process 1 may take to be seen dead."""


class Drain(Thread):
    """Reads to the end of the stream, whatever becomes of the pipes it writes to; nobody's reading ends it."""

    def __init__(self, attached: socket.socket, process_1: int | None, on_death: Callable[[], None]) -> None:
        """`process_1`: its pidfd, if it is visible here. `on_death` is called at once when it ends, in this thread."""
        super().__init__(name="sandbox-drain", daemon=True)
        self.stdout, out = os.pipe()
        self.stderr, err = os.pipe()
        for reader in (self.stdout, self.stderr):
            os.set_blocking(reader, False)
        self._writers = {STDOUT: out, STDERR: err}
        self._attached = attached
        self._process_1 = process_1
        self._on_death = on_death

    def run(self) -> None:
        demultiplexer = Demultiplexer()
        poll = select.poll()
        poll.register(self._attached, select.POLLIN)
        if self._process_1 is not None:
            poll.register(self._process_1, select.POLLIN)
        try:
            while True:
                ready = [fd for fd, _ in poll.poll()]
                if self._process_1 in ready:
                    poll.unregister(self._process_1)
                    self._died()
                if self._attached.fileno() in ready and not self._pass_on(demultiplexer):
                    break
            if self._process_1 is not None and poll_for(self._process_1, _DEATH_SECONDS):
                self._died()
        finally:
            # Only now, so that whoever sees the end of the streams finds counted what there was to count.
            for writer in self._writers.values():
                os.close(writer)
            self._writers.clear()

    def _died(self) -> None:
        self._process_1 = None
        self._on_death()

    def _pass_on(self, demultiplexer: Demultiplexer) -> bool:
        """False at the end of the stream."""
        try:
            data = self._attached.recv(_READ_SIZE)
        except BlockingIOError:
            return True
        except OSError:
            return False
        try:
            pieces = demultiplexer.feed(data)
        except StreamError:
            return False
        for stream, piece in pieces:
            self._write(stream, piece)
        return bool(data)

    def _write(self, stream: int, piece: bytes) -> None:
        """Waits for the reader while there is one; after it, all is dropped."""
        left = memoryview(piece)
        with suppress(BrokenPipeError):
            while left:
                left = left[os.write(self._writers[stream], left) :]


def poll_for(fd: int, seconds: float) -> bool:
    """Whether the file becomes readable in time."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(seconds * 1_000))

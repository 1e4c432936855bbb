"""One run from the first byte of its job to the death of its last process. Blocking: belongs in a thread."""

from __future__ import annotations

import math
import os
import select
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from autodev.sandbox.supervision.call_frame import CallFrame, WireError
from autodev.sandbox.supervision.frames import FrameReader, Ready
from autodev.sandbox.supervision.isolation import Isolation
from autodev.sandbox.supervision.transcript import Stop, Transcript

_START_SECONDS = 10.0
"""For launcher and process 1, on a busy host: the guest has no part in it."""
_EXIT_SECONDS = 1.0
_PATIENCE_SECONDS = 0.01
"""A short run is over by then, and has had the machine for itself."""
_READ_SIZE = 262_144
_DIAGNOSTICS_BYTES = 4_096


@dataclass(slots=True)
class _Patience:
    meanwhile: Callable[[], None]
    until: float = field(default_factory=lambda: time.monotonic() + _PATIENCE_SECONDS)

    def left(self) -> float:
        """Seconds. At the end of it `meanwhile` is called, once."""
        if (left := self.until - time.monotonic()) <= 0:
            self.until = left = math.inf
            self.meanwhile()
        return left


@dataclass(slots=True)
class Supervisor:
    """Feeds what is to be said, reads frames, keeps the deadline, and stops at the first reason to."""

    isolation: Isolation
    said: memoryview
    """Confinement and job."""
    reader: FrameReader
    calls: int
    wall_seconds: float
    cancelled: int
    """Readable (an eventfd) once the caller gives up."""
    _ready: Ready | None = None
    _frames: list[CallFrame] = field(default_factory=list)
    _diagnostics: bytearray = field(default_factory=bytearray)
    _detail: str = ""
    _started: float = field(default_factory=time.monotonic)

    def watch(self, meanwhile: Callable[[], None]) -> Transcript:
        """Returns when the run is over, with the isolation still to be ended by its owner.

        `meanwhile` is called once if the run is not a short one. It must not block.
        """
        stop = self._watch(_Patience(meanwhile))
        seconds = time.monotonic() - self._started
        status = self.isolation.exit_status(_EXIT_SECONDS) if stop is Stop.CLOSED else None
        self._read_diagnostics()
        return Transcript(
            stop,
            self._ready,
            tuple(self._frames),
            status,
            self._diagnostics.decode(errors="backslashreplace").strip(),
            self._detail,
            seconds,
            self.isolation.counts(),
        )

    def _watch(self, patience: _Patience) -> Stop:
        poll = select.poll()
        stdin, stdout, stderr = (
            stream.fileno() for stream in (self.isolation.stdin, self.isolation.stdout, self.isolation.stderr)
        )
        if self.said:
            poll.register(stdin, select.POLLOUT)
        for fd in (stdout, stderr, self.cancelled):
            poll.register(fd, select.POLLIN)
        while (left := self._deadline() - time.monotonic()) > 0:
            for fd, _ in poll.poll(min(left, patience.left()) * 1000):
                if fd == self.cancelled:
                    return Stop.CANCELLED
                if fd == stdin and not self.say():
                    poll.unregister(stdin)  # still open: its end would be the guest's
                elif fd == stderr and not self._read_diagnostics():
                    poll.unregister(stderr)
                elif fd == stdout and (stop := self._read_frames()) is not None:
                    return stop
        return Stop.DEADLINE

    def _deadline(self) -> float:
        return self._started + (_START_SECONDS if self._ready is None else self.wall_seconds)

    def say(self) -> bool:
        """Say as much as is heard without waiting for it; False once nothing more can be said."""
        try:
            self.said = self.said[os.write(self.isolation.stdin.fileno(), self.said) :]
        except BlockingIOError:
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False
        return bool(self.said)

    def _read_frames(self) -> Stop | None:
        try:
            data = os.read(self.isolation.stdout.fileno(), _READ_SIZE)
        except BlockingIOError:
            return None
        try:
            for frame in self.reader.feed(data):
                if isinstance(frame, Ready):
                    self._ready = frame
                    self._started = time.monotonic()
                else:
                    self._frames.append(frame)
        except WireError as error:
            self._detail = str(error)
            return Stop.FORGED
        if self._ready and len(self._frames) >= self.calls:
            return Stop.COMPLETE
        return None if data else Stop.CLOSED

    def _read_diagnostics(self) -> bool:
        try:
            data = os.read(self.isolation.stderr.fileno(), _READ_SIZE)
        except BlockingIOError:
            return True
        self._diagnostics += data
        del self._diagnostics[:-_DIAGNOSTICS_BYTES]
        return bool(data)

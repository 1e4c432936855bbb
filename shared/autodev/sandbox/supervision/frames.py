"""Bytes from the result channel → frames. What process 1 would not have written ends the run."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from autodev.sandbox.guest.wire import CALL, HEADER, READY
from autodev.sandbox.supervision.call_frame import CallFrame, WireError, read_call_body


@dataclass(frozen=True, slots=True)
class Ready:
    """The guest's process 1 is up; its Python says which it is."""

    version: str
    executable: str


class FrameReader:
    """Takes chunks as they come, gives frames as they become whole.

    Raises `WireError` from `feed` for a wrong nonce, an unknown kind, a frame larger than any allowed one, a call
    out of order, or bytes that are no frame.
    """

    def __init__(self, nonce: bytes, max_body: int) -> None:
        self._nonce = nonce
        self._max_body = max_body
        self._buffer = bytearray()
        self._next_call = 0
        self._ready = False

    def feed(self, data: bytes) -> list[Ready | CallFrame]:
        self._buffer += data
        frames: list[Ready | CallFrame] = []
        while (frame := self._take()) is not None:
            frames.append(frame)
        return frames

    def _take(self) -> Ready | CallFrame | None:
        if len(self._buffer) < HEADER.size:
            return None
        length, nonce, kind = HEADER.unpack_from(self._buffer)
        if not hmac.compare_digest(nonce, self._nonce):
            raise WireError("a frame with a wrong nonce")
        if length > self._max_body:
            raise WireError(f"a frame of {length} bytes, more than the {self._max_body} allowed")
        if len(self._buffer) < HEADER.size + length:
            return None
        body = bytes(self._buffer[HEADER.size : HEADER.size + length])
        del self._buffer[: HEADER.size + length]
        if kind == READY and not self._ready:
            self._ready = True
            return _read_ready(body)
        if kind == CALL and self._ready:
            return self._in_order(read_call_body(body))
        raise WireError(f"a frame of kind {kind} has no place here")

    def _in_order(self, frame: CallFrame) -> CallFrame:
        if frame.call != self._next_call:
            raise WireError(f"call {frame.call} answered where {self._next_call} was due")
        self._next_call += 1
        return frame


def _read_ready(body: bytes) -> Ready:
    try:
        *version, executable = body.decode().split("\n")
    except UnicodeDecodeError as error:
        raise WireError(f"the first frame is no text: {error}") from error
    return Ready("\n".join(version), executable)

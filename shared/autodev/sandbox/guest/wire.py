"""The bytes on the result channel: written by the guest's process 1, read by the supervisor on the host.

A frame is its body's length, the run's nonce, a kind, and the body. Only process 1 holds the channel and the nonce.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import NamedTuple

NONCE_BYTES = 16
HEADER = struct.Struct("!I16sB")
_CALL = struct.Struct("!IBiddQIIIQIQ")


class WireError(ValueError):
    """The bytes are not what process 1 writes."""


class Kind(IntEnum):
    READY = 1
    """Limits are in force, the job is read; the body is `ready_body`."""
    CALL = 2


class Ending(IntEnum):
    """How a call's process ended, seen from process 1."""

    EXITED = 0
    SIGNALLED = 1
    DEADLINE = 2
    OUTPUT_CAP = 3
    RESULT_CAP = 4
    MALFORMED = 5
    """It delivered bytes that the harness does not write."""
    NEVER_REACHED = 6
    """The process that should have come to this call ended in an earlier one."""


class Captured(NamedTuple):
    """The end of an output stream, and how many bytes before it were dropped."""

    tail: bytes
    dropped: int


class CallFrame(NamedTuple):
    """Process 1's facts about one call, and the bytes that the call delivered about itself."""

    call: int
    """Its place among all calls of the job: program by program, and task by task in each."""
    ending: Ending
    code: int
    """Exit status or signal number of the call's process."""
    seconds: float
    """From the fork, or from the answer before in the same process."""
    cpu_seconds: float
    """This and what follows are of the call's process and all it left behind."""
    max_rss_bytes: int
    processes: int
    payload: bytes
    stdout: Captured
    stderr: Captured


def pack(nonce: bytes, kind: Kind, body: bytes) -> bytes:
    return HEADER.pack(len(body), nonce, kind) + body


def ready_body(version: str, executable: str) -> bytes:
    return f"{version}\n{executable}".encode()


def call_body(frame: CallFrame) -> bytes:
    facts = _CALL.pack(
        frame.call,
        frame.ending,
        frame.code,
        frame.seconds,
        frame.cpu_seconds,
        frame.max_rss_bytes,
        frame.processes,
        len(frame.payload),
        len(frame.stdout.tail),
        frame.stdout.dropped,
        len(frame.stderr.tail),
        frame.stderr.dropped,
    )
    return b"".join((facts, frame.payload, frame.stdout.tail, frame.stderr.tail))


def read_call_body(body: bytes) -> CallFrame:
    """The frame that `call_body` wrote.

    Raises:
        WireError: an unknown ending, or lengths that do not add up to the body.
    """
    if len(body) < _CALL.size:
        raise WireError(f"a call frame of {len(body)} bytes is cut")
    call, ending, code, seconds, cpu, rss, processes, *lengths = _CALL.unpack_from(body)
    payload, stdout, stdout_dropped, stderr, stderr_dropped = lengths
    if ending not in Ending.__members__.values():
        raise WireError(f"{ending} is no ending of a call")
    if _CALL.size + payload + stdout + stderr != len(body):
        raise WireError("the parts of a call frame do not add up to its length")
    out_at = _CALL.size + payload
    err_at = out_at + stdout
    return CallFrame(
        call,
        Ending(ending),
        code,
        seconds,
        cpu,
        rss,
        processes,
        body[_CALL.size : out_at],
        Captured(body[out_at:err_at], stdout_dropped),
        Captured(body[err_at:], stderr_dropped),
    )


def max_call_body(payload: int, tail: int) -> int:
    """Bytes that a call frame's body can have at most."""
    return _CALL.size + payload + 2 * tail

"""The bytes on the result channel: written by the guest's process 1, read by the supervisor on the host.

A frame is its body's length, the run's nonce, a kind, and the body. Only process 1 holds the channel and the nonce.
"""

from __future__ import annotations

import struct

NONCE_BYTES = 16
HEADER = struct.Struct("!I16sB")
CALL_FACTS = struct.Struct("!IBiddQIIIIIIQIIQ")
"""Fields of `Frame` in their order, with lengths in place of bytes."""

READY = 1
"""Kind of the first frame: limits are in force, the job is read; the body is `ready_body`."""
CALL = 2

# How a call's process ended, seen from process 1.
EXITED = 0
SIGNALLED = 1
DEADLINE = 2
OUTPUT_CAP = 3
RESULT_CAP = 4
MALFORMED = 5  # it delivered bytes that the harness does not write
NEVER_REACHED = 6  # the process that should have come to this call ended in an earlier one


class Captured:
    """The beginning and the end of an output stream, and how many bytes between them were dropped."""

    __slots__ = ("dropped", "head", "tail")

    def __init__(self, head: bytes = b"", tail: bytes = b"", dropped: int = 0) -> None:
        self.head = head
        self.tail = tail
        self.dropped = dropped


NOTHING = Captured()


class Frame:
    """Process 1's facts about one call, and the bytes that the call delivered about itself."""

    __slots__ = ("call", "code", "ending", "payload", "seconds", "stderr", "stdout", "usage")

    def __init__(
        self,
        call: int,
        ending: int,
        code: int,
        seconds: float,
        usage: Usage,
        payload: bytes,
        stdout: Captured,
        stderr: Captured,
    ) -> None:
        """`call`: its place among all calls of the job, program by program, and task by task in each.

        `code`: exit status or signal number of its process. `seconds`: from the fork, or from the answer before in the
        same process. `usage`: of the call's process and all it left behind.
        """
        self.call = call
        self.ending = ending
        self.code = code
        self.seconds = seconds
        self.usage = usage
        self.payload = payload
        self.stdout = stdout
        self.stderr = stderr


class Usage:
    __slots__ = ("cpu_seconds", "max_rss", "oom_kills", "processes", "refused_forks")

    def __init__(
        self,
        cpu_seconds: float = 0.0,
        max_rss: int = 0,
        processes: int = 0,
        oom_kills: int = 0,
        refused_forks: int = 0,
    ) -> None:
        """`max_rss`: bytes of the largest process. The last two are the kernel's counts, where there is a group."""
        self.cpu_seconds = cpu_seconds
        self.max_rss = max_rss
        self.processes = processes
        self.oom_kills = oom_kills
        self.refused_forks = refused_forks


def pack(nonce: bytes, kind: int, body: bytes) -> bytes:
    return HEADER.pack(len(body), nonce, kind) + body


def ready_body(version: str, executable: str) -> bytes:
    return f"{version}\n{executable}".encode()


def call_body(frame: Frame) -> bytes:
    usage, out, err = frame.usage, frame.stdout, frame.stderr
    facts = CALL_FACTS.pack(
        frame.call,
        frame.ending,
        frame.code,
        frame.seconds,
        usage.cpu_seconds,
        usage.max_rss,
        usage.processes,
        usage.oom_kills,
        usage.refused_forks,
        len(frame.payload),
        len(out.head),
        len(out.tail),
        out.dropped,
        len(err.head),
        len(err.tail),
        err.dropped,
    )
    return b"".join((facts, frame.payload, out.head, out.tail, err.head, err.tail))


def max_call_body(payload: int, captured: int) -> int:
    """Bytes that a call frame's body can have at most, with `captured` bytes of each output stream."""
    return CALL_FACTS.size + payload + 2 * captured

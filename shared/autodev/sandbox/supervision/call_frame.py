"""A frame's body → the facts that process 1 reports about one call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from autodev.sandbox.guest import wire


class WireError(ValueError):
    """The bytes are not what process 1 writes."""


class Ending(IntEnum):
    """How a call's process ended, seen from process 1."""

    EXITED = wire.EXITED
    SIGNALLED = wire.SIGNALLED
    DEADLINE = wire.DEADLINE
    OUTPUT_CAP = wire.OUTPUT_CAP
    RESULT_CAP = wire.RESULT_CAP
    MALFORMED = wire.MALFORMED
    NEVER_REACHED = wire.NEVER_REACHED


@dataclass(frozen=True, slots=True)
class Captured:
    """See `wire.Captured`."""

    head: bytes = b""
    tail: bytes = b""
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class CallFrame:
    """See `wire.Frame` and `wire.Usage`, whose fields these are."""

    call: int
    ending: Ending
    code: int
    seconds: float
    cpu_seconds: float
    max_rss: int
    processes: int
    oom_kills: int = 0
    refused_forks: int = 0
    payload: bytes = b""
    stdout: Captured = Captured()
    stderr: Captured = Captured()


def read_call_body(body: bytes) -> CallFrame:
    """The frame that `wire.call_body` wrote.

    Raises:
        WireError: an unknown ending, or lengths that do not add up to the body.
    """
    if len(body) < wire.CALL_FACTS.size:
        raise WireError(f"a call frame of {len(body)} bytes is cut")
    call, ending, code, seconds, cpu_seconds, max_rss, processes, oom_kills, refused, *rest = (
        wire.CALL_FACTS.unpack_from(body)
    )
    payload, out_head, out_tail, out_dropped, err_head, err_tail, err_dropped = rest
    if ending not in Ending.__members__.values():
        raise WireError(f"{ending} is no ending of a call")
    lengths = (payload, out_head, out_tail, err_head, err_tail)
    if wire.CALL_FACTS.size + sum(lengths) != len(body):
        raise WireError("the parts of a call frame do not add up to its length")
    parts, at = [], wire.CALL_FACTS.size
    for length in lengths:
        parts.append(body[at : at + length])
        at += length
    return CallFrame(
        call,
        Ending(ending),
        code,
        seconds,
        cpu_seconds,
        max_rss,
        processes,
        oom_kills,
        refused,
        parts[0],
        Captured(parts[1], parts[2], out_dropped),
        Captured(parts[3], parts[4], err_dropped),
    )

"""Calls in a process of their own: watched, stopped at its limits, and gone with all it started afterwards."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from autodev.sandbox.guest.job import Limits
from autodev.sandbox.guest.limits import apply_to_call
from autodev.sandbox.guest.streams import LENGTH, Answers, Stream
from autodev.sandbox.guest.wire import CallFrame, Captured, Ending

RESULT_FD = 3
_NOTHING = Captured(b"", 0)

Deliver = Callable[[bytes], None]
"""Hands over the answer to the next call."""


class Forked(NamedTuple):
    """What became of one process."""

    frames: list[CallFrame]
    """Of the calls it answered, and of the one it ended in if it did not answer all."""
    clean: bool
    """It answered every call and left as it should."""


def run_forked(first: int, calls: int, work: Callable[[Deliver], None], limits: Limits, channel: int) -> Forked:
    """Fork, run `work` there, and report how it went. When this returns no process but this one is left.

    `work` delivers the answers to `calls` calls, the first of which is number `first`. `channel` leads to the
    supervisor; when its other end is gone, so is the supervisor, and everything here ends.

    Raises:
        RuntimeError: this is not process 1 of a PID namespace, and would kill whatever else its user runs.
    """
    if os.getpid() != 1:
        raise RuntimeError("calls are forked by process 1 of an isolation only: the clean-up kills all but itself")
    answers = Answers(calls, limits.result_bytes)
    stdout = Stream(limits.output_bytes * calls, limits.tail_bytes)
    stderr = Stream(limits.output_bytes * calls, limits.tail_bytes)
    streams = (answers, stdout, stderr)
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        _become_call(work, limits, streams)
    for stream in streams:
        os.close(stream.writer)
    stopped = _watch(pid, streams, channel, started, limits)
    with suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    status, *usage = _reap(pid)
    for stream in streams:
        stream.drain()
    code = os.waitstatus_to_exitcode(status)
    ending = stopped or _over_cap(*streams) or (Ending.SIGNALLED if code < 0 else Ending.EXITED)
    if ending is Ending.EXITED and answers.malformed:
        ending = Ending.MALFORMED
    return _forked(first, answers, (ending, abs(code)), usage, (stdout.captured(), stderr.captured()))


def _forked(
    first: int, answers: Answers, end: tuple[Ending, int], usage: Sequence[float], output: tuple[Captured, Captured]
) -> Forked:
    """The process's end and output belong to the first call it did not answer, or else to the last it did."""
    cpu_seconds, max_rss, processes = usage

    def frame(index: int, end: tuple[Ending, int], output: tuple[Captured, Captured]) -> CallFrame:
        answered = index < len(answers.payloads)
        seconds = answers.seconds[index] if answered else time.monotonic() - answers.last
        payload = answers.payloads[index] if answered else b""
        return CallFrame(first + index, *end, seconds, cpu_seconds, int(max_rss), int(processes), payload, *output)

    last = min(len(answers.payloads), answers.calls - 1)
    frames = [frame(index, (Ending.EXITED, 0), (_NOTHING, _NOTHING)) for index in range(last)]
    return Forked([*frames, frame(last, end, output)], answers.complete and end == (Ending.EXITED, 0))


def _watch(
    pid: int, streams: tuple[Answers, Stream, Stream], channel: int, started: float, limits: Limits
) -> Ending | None:
    """Read the process's pipes until it ends (None) or has to be stopped."""
    answers = streams[0]
    pidfd = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    # Nothing to wait for but an error. The kernel's own signal on a parent's death does not survive a change of user.
    poll.register(channel, 0)
    by_fd = {stream.reader: stream for stream in streams}
    for fd in by_fd:
        poll.register(fd, select.POLLIN)
    try:
        while True:
            deadline = min(started + limits.wall_seconds, answers.last + limits.call_seconds)
            if (left := deadline - time.monotonic()) <= 0:
                return Ending.DEADLINE
            for fd, _ in poll.poll(left * 1000):
                if fd == pidfd:
                    return None
                if fd == channel:
                    os._exit(1)
                if not by_fd[fd].read():
                    poll.unregister(fd)
                if over := _over_cap(*streams):
                    return over
    finally:
        os.close(pidfd)


def _over_cap(answers: Answers, stdout: Stream, stderr: Stream) -> Ending | None:
    if stdout.over_cap or stderr.over_cap:
        return Ending.OUTPUT_CAP
    if answers.complete and answers.malformed:
        return Ending.MALFORMED
    return Ending.RESULT_CAP if answers.over_cap else None


def _reap(pid: int) -> tuple[int, float, int, int]:
    """Wait until no child is left: the process's status, then CPU seconds, largest memory and number of them all."""
    own_status, cpu_seconds, max_rss, processes = 0, 0.0, 0, 0
    while True:
        try:
            reaped, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return own_status, cpu_seconds, max_rss, processes
        processes += 1
        cpu_seconds += usage.ru_utime + usage.ru_stime
        max_rss = max(max_rss, usage.ru_maxrss * 1024)
        if reaped == pid:
            own_status = status


def _become_call(work: Callable[[Deliver], None], limits: Limits, streams: tuple[Stream, ...]) -> None:
    """In the fork: hold nothing but its own pipes, do the work, deliver, and never return."""
    exit_now, write, pack = os._exit, os.write, LENGTH.pack  # the guest may replace them in the module

    def deliver(payload: bytes) -> None:
        left = memoryview(pack(len(payload)) + payload)
        while left:
            left = left[write(RESULT_FD, left) :]

    try:
        for stream, fd in zip(streams, (RESULT_FD, 1, 2), strict=True):
            if fd != RESULT_FD:
                os.dup2(stream.writer, fd)
        os.dup2(streams[0].writer, RESULT_FD)
        os.closerange(RESULT_FD + 1, 256)
        apply_to_call(limits)
        work(deliver)
        exit_now(0)
    finally:
        exit_now(1)

"""One call in a process of its own: watched, stopped at its limits, and gone with all it started afterwards."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from autodev.sandbox.guest.job import Limits
from autodev.sandbox.guest.limits import apply_to_call
from autodev.sandbox.guest.wire import CallFrame, Captured, Ending

RESULT_FD = 3
_READ_SIZE = 65_536


class _Stream:
    """The reading end of one of the call's pipes."""

    def __init__(self, cap: int, keep: int) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        self.total = 0
        self._cap = cap
        self._keep = keep
        self._kept = bytearray()

    @property
    def over_cap(self) -> bool:
        return self.total > self._cap

    def read(self) -> bool:
        """Take what is there; False at the end of the stream."""
        try:
            data = os.read(self.reader, _READ_SIZE)
        except BlockingIOError:
            return True
        self.total += len(data)
        self._kept += data
        del self._kept[: max(0, len(self._kept) - self._keep)]
        return bool(data)

    def drain(self) -> None:
        """Read to the end; every writer is dead by now, so it is at most a pipe away."""
        while self.read() and not self.over_cap:
            pass
        os.close(self.reader)

    def captured(self) -> Captured:
        return Captured(bytes(self._kept), self.total - len(self._kept))


def run_forked(call: int, work: Callable[[], bytes], limits: Limits, channel: int) -> CallFrame:
    """Fork, run `work` there, and report how it went. When this returns no process but this one is left.

    `channel` leads to the supervisor; when its other end is gone, so is the supervisor, and everything here ends.

    Raises:
        RuntimeError: this is not process 1 of a PID namespace, and would kill whatever else its user runs.
    """
    if os.getpid() != 1:
        raise RuntimeError("calls are forked by process 1 of an isolation only: the clean-up kills all but itself")
    result = _Stream(limits.result_bytes, limits.result_bytes)
    stdout = _Stream(limits.output_bytes, limits.tail_bytes)
    stderr = _Stream(limits.output_bytes, limits.tail_bytes)
    streams = (result, stdout, stderr)
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        _become_call(work, limits, streams)
    for stream in streams:
        os.close(stream.writer)
    stopped = _watch(pid, streams, channel, started + limits.call_seconds)
    seconds = time.monotonic() - started
    with suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    status, cpu_seconds, max_rss, processes = _reap(pid)
    for stream in streams:
        stream.drain()
    if stopped is None:
        stopped = _over_cap(streams)
    code = os.waitstatus_to_exitcode(status)
    return CallFrame(
        call,
        stopped or (Ending.SIGNALLED if code < 0 else Ending.EXITED),
        abs(code),
        seconds,
        cpu_seconds,
        max_rss,
        processes,
        result.captured().tail,
        stdout.captured(),
        stderr.captured(),
    )


def _watch(pid: int, streams: tuple[_Stream, _Stream, _Stream], channel: int, deadline: float) -> Ending | None:
    """Read the call's pipes until its process ends (None) or has to be stopped."""
    pidfd = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    # Nothing to wait for but an error. The kernel's own signal on a parent's death does not survive a change of user.
    poll.register(channel, 0)
    by_fd = {stream.reader: stream for stream in streams}
    for fd in by_fd:
        poll.register(fd, select.POLLIN)
    try:
        while (left := deadline - time.monotonic()) > 0:
            for fd, _ in poll.poll(left * 1000):
                if fd == pidfd:
                    return None
                if fd == channel:
                    os._exit(1)
                if not by_fd[fd].read():
                    poll.unregister(fd)
                if by_fd[fd].over_cap:
                    return _over_cap(streams)
        return Ending.DEADLINE
    finally:
        os.close(pidfd)


def _over_cap(streams: tuple[_Stream, _Stream, _Stream]) -> Ending | None:
    result, stdout, stderr = streams
    if stdout.over_cap or stderr.over_cap:
        return Ending.OUTPUT_CAP
    return Ending.RESULT_CAP if result.over_cap else None


def _reap(pid: int) -> tuple[int, float, int, int]:
    """Wait until no child is left: the call's status, then CPU seconds, largest memory and number of them all."""
    call_status, cpu_seconds, max_rss, processes = 0, 0.0, 0, 0
    while True:
        try:
            reaped, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return call_status, cpu_seconds, max_rss, processes
        processes += 1
        cpu_seconds += usage.ru_utime + usage.ru_stime
        max_rss = max(max_rss, usage.ru_maxrss * 1024)
        if reaped == pid:
            call_status = status


def _become_call(work: Callable[[], bytes], limits: Limits, streams: tuple[_Stream, _Stream, _Stream]) -> None:
    """In the fork: hold nothing but this call's own pipes, do the work, deliver, and never return."""
    exit_now, write = os._exit, os.write  # the guest may replace them in the module
    try:
        for stream, fd in zip(streams, (RESULT_FD, 1, 2), strict=True):
            if fd != RESULT_FD:
                os.dup2(stream.writer, fd)
        os.dup2(streams[0].writer, RESULT_FD)
        os.closerange(RESULT_FD + 1, 256)
        apply_to_call(limits)
        payload = memoryview(work())
        while payload:
            payload = payload[write(RESULT_FD, payload) :]
        exit_now(0)
    finally:
        exit_now(1)

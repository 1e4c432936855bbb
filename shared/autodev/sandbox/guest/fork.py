"""Calls in a process of their own: watched, stopped at its limits, and gone with all it started afterwards."""

from __future__ import annotations

import os
import select
import time

from autodev.sandbox.guest import wire
from autodev.sandbox.guest.limits import apply_to_call
from autodev.sandbox.guest.streams import LENGTH, Answers, Output
from autodev.sandbox.guest.wire import Captured, Frame, Usage

TYPE_CHECKING = False
if TYPE_CHECKING:  # every import is paid at each start
    from collections.abc import Callable

    from autodev.sandbox.guest.group import Group
    from autodev.sandbox.guest.job import Limits
    from autodev.sandbox.guest.placement import Placement

    Deliver = Callable[[bytes], None]
    """Hands over the answer to the next call."""

RESULT_FD = 3
_SIGKILL = 9  # the module that names it would import half of the standard library
_LOOK_SECONDS = 0.002
"""Between two looks at a process that can't be polled, which gVisor's can't."""


class Supervision:
    """What process 1 watches and counts beside a call."""

    def __init__(self, lifeline: int, group: Group, placement: Placement) -> None:
        """`lifeline`: readable at its end alone, which is the supervisor's; everything here ends with it."""
        self.lifeline = lifeline
        self.group = group
        self.placement = placement


class Forked:
    """What became of one process."""

    def __init__(self, frames: list[Frame], *, clean: bool) -> None:
        """`frames`: of the calls it answered, and of the one it ended in if it did not answer all.

        `clean`: it answered every call and left as it should.
        """
        self.frames = frames
        self.clean = clean


class _Streams:
    def __init__(self, calls: int, limits: Limits) -> None:
        self.answers = Answers(calls, limits.result_bytes, limits.share_bytes)
        self.stdout, self.stderr = (
            Output(limits.output_bytes * calls, limits.head_bytes, limits.tail_bytes) for _ in range(2)
        )
        self.all = (self.answers, self.stdout, self.stderr)

    def over_cap(self) -> int | None:
        if self.stdout.over_cap or self.stderr.over_cap:
            return wire.OUTPUT_CAP
        if self.answers.nonsense or (self.answers.complete and self.answers.malformed):
            return wire.MALFORMED
        return wire.RESULT_CAP if self.answers.over_cap else None


def run_forked(
    first: int, calls: int, work: Callable[[Deliver], None], limits: Limits, supervision: Supervision
) -> Forked:
    """Fork, run `work` there, and report how it went. When this returns no process but this one is left.

    `work` delivers the answers to `calls` calls, the first of which is number `first`.

    Raises:
        RuntimeError: this is not process 1 of a PID namespace, and would kill whatever else its user runs.
    """
    if os.getpid() != 1:
        raise RuntimeError("calls are forked by process 1 of an isolation only: the clean-up kills all but itself")
    streams = _Streams(calls, limits)
    oom_kills, refused = supervision.group.counts()
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        _become_call(work, limits, streams, supervision)
    supervision.placement.release()
    for stream in streams.all:
        os.close(stream.writer)
    stopped = _watch(pid, streams, supervision.lifeline, started, limits)
    status, usage = _kill_and_reap(pid)
    for stream in streams.all:
        stream.drain()
    oom_kills_now, refused_now = supervision.group.counts()
    usage.oom_kills, usage.refused_forks = oom_kills_now - oom_kills, refused_now - refused
    code = os.waitstatus_to_exitcode(status)
    ending = stopped
    if ending is None:
        ending = streams.over_cap()
    if ending is None:
        ending = wire.SIGNALLED if code < 0 else wire.EXITED
    if ending == wire.EXITED and streams.answers.malformed:
        ending = wire.MALFORMED
    return _forked(first, streams, ending, abs(code), usage)


def _forked(first: int, streams: _Streams, ending: int, code: int, usage: Usage) -> Forked:
    """The process's end and output belong to the first call it did not answer, or else to the last it did."""
    answers = streams.answers

    def frame(index: int, ending: int, code: int, stdout: Captured, stderr: Captured) -> Frame:
        answered = index < len(answers.payloads)
        seconds = answers.seconds[index] if answered else time.monotonic() - answers.last
        payload = answers.payloads[index] if answered else b""
        return Frame(first + index, ending, code, seconds, usage, payload, stdout, stderr)

    last = min(len(answers.payloads), answers.calls - 1)
    frames = [frame(index, wire.EXITED, 0, wire.NOTHING, wire.NOTHING) for index in range(last)]
    frames.append(frame(last, ending, code, streams.stdout.captured(), streams.stderr.captured()))
    return Forked(frames, clean=answers.complete and ending == wire.EXITED and code == 0)


def _watch(pid: int, streams: _Streams, lifeline: int, started: float, limits: Limits) -> int | None:
    """Read the process's pipes until it ends (None) or has to be stopped."""
    answers = streams.answers
    poll = select.poll()
    death = _death_of(pid)
    if death is not None:
        poll.register(death, select.POLLIN)
    # The kernel's own signal on a parent's death does not survive a change of user.
    poll.register(lifeline, select.POLLIN)
    by_fd = {stream.reader: stream for stream in streams.all}
    for fd in by_fd:
        poll.register(fd, select.POLLIN)
    patience = _LOOK_SECONDS if death is None else limits.wall_seconds
    try:
        while True:
            deadline = min(started + limits.wall_seconds, answers.last + limits.call_seconds)
            if (left := deadline - time.monotonic()) <= 0:
                return wire.DEADLINE
            ready = [fd for fd, _ in poll.poll(min(left, patience) * 1000)]
            if lifeline in ready:
                os._exit(1)
            if death in ready or (death is None and _is_dead(pid)):
                return None
            for ended in [fd for fd in ready if not by_fd[fd].read()]:
                poll.unregister(ended)
            if (over := streams.over_cap()) is not None:
                return over
    finally:
        if death is not None:
            os.close(death)


def _death_of(pid: int) -> int | None:
    """A file that is readable once the process is dead; None where the kernel has none."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


def _is_dead(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _kill_all() -> None:
    """Everything in this PID namespace but this process."""
    try:  # noqa: SIM105 - `contextlib` is one more import
        os.kill(-1, _SIGKILL)
    except ProcessLookupError:
        pass  # nobody is left


def _kill_and_reap(pid: int) -> tuple[int, Usage]:
    """Kill and wait until nobody is left: the process's status, and what they all used.

    Once is not enough: under gVisor, who forks while all are killed leaves a child behind.
    """
    own_status, usage = 0, Usage()
    while True:
        _kill_all()
        try:
            reaped, status, used = os.wait4(-1, 0)
        except ChildProcessError:
            return own_status, usage
        usage.processes += 1
        usage.cpu_seconds += used.ru_utime + used.ru_stime
        usage.max_rss = max(usage.max_rss, used.ru_maxrss * 1024)
        if reaped == pid:
            own_status = status


def _become_call(work: Callable[[Deliver], None], limits: Limits, streams: _Streams, supervision: Supervision) -> None:
    """In the fork: hold nothing but its own pipes, do the work, deliver, and never return."""
    exit_now, write, pack = os._exit, os.write, LENGTH.pack  # the guest may replace them in the module

    def deliver(payload: bytes) -> None:
        # Of one that is too large, nothing but that it is.
        answer = pack(len(payload)) + payload if len(payload) <= limits.result_bytes else pack(limits.result_bytes + 1)
        left = memoryview(answer)
        while left:
            left = left[write(RESULT_FD, left) :]

    try:
        os.setsid()  # a signal to its own group is not one to process 1
        supervision.group.join()
        for stream, fd in ((streams.stdout, 1), (streams.stderr, 2), (streams.answers, RESULT_FD)):
            os.dup2(stream.writer, fd)
        os.closerange(RESULT_FD + 1, 256)
        apply_to_call(limits)
        supervision.placement.release()
        work(deliver)
        exit_now(0)
    finally:
        exit_now(1)

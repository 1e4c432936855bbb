"""A run's transcript → what its processes used. Calls that shared a process each tell of the whole of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from autodev.sandbox.report import Usage
from autodev.sandbox.supervision.call_frame import CallFrame
from autodev.sandbox.supervision.transcript import Stop, Transcript


def usage_alone(transcript: Transcript) -> Usage:
    """Of a run in which each call had a process of its own."""
    return _with_unmeasured(_usage(transcript.frames, transcript.frames), transcript)


def usage_shared(transcript: Transcript) -> Usage:
    """Of a run in which calls shared processes: two that follow each other and tell the same of theirs had one."""
    frames = transcript.frames
    firsts = [frame for index, frame in enumerate(frames) if not index or _told(frames[index - 1]) != _told(frame)]
    return _with_unmeasured(_usage(firsts, frames), transcript)


def usage_by_program(transcript: Transcript, programs: int, calls: int) -> list[Usage]:
    """Of each program of a search, which has one process for all its `calls`."""
    parts = [transcript.frames[program * calls : (program + 1) * calls] for program in range(programs)]
    usages = [_usage(part[:1], part) for part in parts]
    running = next((index for index, part in enumerate(parts) if len(part) < calls), None)
    if running is not None:
        usages[running] = _with_unmeasured(usages[running], transcript)
    return usages


def _usage(processes: Sequence[CallFrame], frames: Iterable[CallFrame]) -> Usage:
    """`processes`: a frame of each."""
    kept = dropped = results = 0
    for frame in frames:
        for output in (frame.stdout, frame.stderr):
            kept += len(output.head) + len(output.tail)
            dropped += output.dropped
        results += len(frame.payload)
    return Usage(
        cpu_seconds=sum((frame.cpu_seconds for frame in processes), start=0.0),
        max_rss_bytes=max((frame.max_rss for frame in processes), default=0),
        processes=sum(frame.processes for frame in processes),
        output_bytes=kept + dropped,
        dropped_bytes=dropped,
        result_bytes=results,
    )


def _with_unmeasured(usage: Usage, transcript: Transcript) -> Usage:
    if transcript.stop is Stop.COMPLETE or transcript.ready is None:
        return usage
    measured = sum(frame.seconds for frame in transcript.frames)
    return replace(usage, unmeasured_seconds=max(0.0, transcript.seconds - measured))


def _told(frame: CallFrame) -> tuple[float, int, int]:
    return frame.cpu_seconds, frame.max_rss, frame.processes

"""A run's transcript → how much longer than allowed its guests lived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autodev.sandbox.policy import Policy
from autodev.sandbox.supervision.call_frame import CallFrame, Ending
from autodev.sandbox.supervision.transcript import Stop, Transcript


def run_overshoot(transcript: Transcript, policy: Policy) -> float | None:
    """Seconds from a deadline to the end of what was killed for it, the longest; None if no deadline passed."""
    [overshoot] = overshoot_by_program(transcript, 1, len(transcript.frames), policy)
    return overshoot


def overshoot_by_program(transcript: Transcript, programs: int, calls: int, policy: Policy) -> list[float | None]:
    """The same of each program of a search. The isolation's own deadline belongs to the program that it ended in."""
    parts = [transcript.frames[program * calls : (program + 1) * calls] for program in range(programs)]
    overshoots = [list(_of_calls(part, policy)) for part in parts]
    if transcript.stop is Stop.DEADLINE:
        running = next((index for index, part in enumerate(parts) if len(part) < calls), 0)
        late = transcript.seconds - policy.wall_seconds * programs
        overshoots[running].append(late + transcript.end_seconds)
    return [max(each, default=None) for each in overshoots]


def _of_calls(frames: Sequence[CallFrame], policy: Policy) -> Iterator[float]:
    """Process 1 tells a stopped call's time when the call's processes are reaped. The first of two deadlines counts."""
    spent = 0.0
    for frame in frames:
        spent += frame.seconds
        if frame.ending is Ending.DEADLINE:
            yield max(0.0, frame.seconds - policy.call_seconds, spent - policy.wall_seconds)

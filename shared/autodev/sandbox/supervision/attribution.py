"""Counts of a whole isolation → the calls they belong to, where process 1 could not see its calls' own counts. Pure."""

from __future__ import annotations

import signal
from dataclasses import replace

from autodev.sandbox.supervision.call_frame import CallFrame, Ending
from autodev.sandbox.supervision.transcript import Counts, Stop, Transcript


def attributed(transcript: Transcript) -> Transcript:
    """The counts on the frames of the calls that they can only, or hardly not, belong to.

    The only call of a run bears all of them. Of several, those bear a kill for memory whose process was killed: it may
    have killed itself meanwhile, but then it accuses nobody else. A refused fork of one of several calls, or the death
    of a process that the call outlived, stays nobody's.
    """
    counts, frames = transcript.counts, transcript.frames
    if transcript.stop is Stop.COMPLETE and len(frames) == 1:
        return replace(transcript, frames=(_with(frames[0], counts),))
    if not counts.oom_kills:
        return transcript
    return replace(
        transcript, frames=tuple(_with(frame, Counts(oom_kills=1)) if _killed(frame) else frame for frame in frames)
    )


def _killed(frame: CallFrame) -> bool:
    return frame.ending is Ending.SIGNALLED and frame.code == signal.SIGKILL


def _with(frame: CallFrame, counts: Counts) -> CallFrame:
    """What process 1 counted itself stands."""
    return replace(
        frame,
        oom_kills=frame.oom_kills or counts.oom_kills,
        refused_forks=frame.refused_forks or counts.refused_forks,
    )

"""How much longer than allowed a killed guest lived."""

from __future__ import annotations

import pytest

from autodev.sandbox import Policy
from autodev.sandbox.supervision.call_frame import CallFrame, Ending
from autodev.sandbox.supervision.frames import Ready
from autodev.sandbox.supervision.overshoot import overshoot_by_program, run_overshoot
from autodev.sandbox.supervision.transcript import Stop, Transcript

POLICY = Policy(wall_seconds=10, call_seconds=2)


def frame(seconds: float, ending: Ending = Ending.EXITED) -> CallFrame:
    return CallFrame(0, ending, 0, seconds, 0.0, 0, 1)


def transcript(*frames: CallFrame, stop: Stop = Stop.COMPLETE, seconds: float = 1.0) -> Transcript:
    return Transcript(stop, Ready("", ""), frames, None, "", "", seconds, end_seconds=0.25)


def test_where_no_deadline_passed_there_is_none() -> None:
    assert run_overshoot(transcript(frame(1.0), frame(1.0, Ending.SIGNALLED)), POLICY) is None


def test_of_several_calls_the_longest_counts() -> None:
    late = transcript(frame(2.125, Ending.DEADLINE), frame(1.0), frame(2.5, Ending.DEADLINE))
    assert run_overshoot(late, POLICY) == 0.5


def test_a_run_ends_when_its_isolation_is_gone() -> None:
    assert run_overshoot(transcript(frame(1.0), stop=Stop.DEADLINE, seconds=10.5), POLICY) == 0.75


@pytest.mark.parametrize(("last", "overshoot"), [(1.5, 0.5), (2.25, 1.25)])
def test_a_program_of_a_search_has_a_deadline_for_all_its_calls(last: float, overshoot: float) -> None:
    frames = [*[frame(1.8)] * 5, frame(last, Ending.DEADLINE)]
    assert overshoot_by_program(transcript(*frames), 1, 6, POLICY) == [pytest.approx(overshoot)]


def test_the_deadline_of_a_search_belongs_to_the_program_that_ran() -> None:
    cut = transcript(frame(1.0), frame(1.0), frame(1.0), stop=Stop.DEADLINE, seconds=30.5)
    assert overshoot_by_program(cut, 3, 2, POLICY) == [None, 0.75, None]

"""What a run's processes used: each is counted once, whatever number of calls tells of it."""

from __future__ import annotations

from autodev.sandbox import Usage
from autodev.sandbox.supervision.call_frame import CallFrame, Captured, Ending
from autodev.sandbox.supervision.frames import Ready
from autodev.sandbox.supervision.transcript import Stop, Transcript
from autodev.sandbox.supervision.usage import usage_alone, usage_by_program, usage_shared


def frame(
    call: int, cpu: float, *, seconds: float = 0.5, payload: bytes = b"", out: Captured | None = None
) -> CallFrame:
    return CallFrame(
        call, Ending.EXITED, 0, seconds, cpu, 1_000 * (call + 1), 1, payload=payload, stdout=out or Captured()
    )


def transcript(*frames: CallFrame, stop: Stop = Stop.COMPLETE, seconds: float = 2.0) -> Transcript:
    return Transcript(stop, Ready("", ""), frames, None, "", "", seconds)


def test_calls_with_a_process_each_are_added() -> None:
    usage = usage_alone(transcript(frame(0, 0.25), frame(1, 0.25)))
    assert usage == Usage(cpu_seconds=0.5, max_rss_bytes=2_000, processes=2)


def test_calls_of_one_program_in_a_search_are_one_process() -> None:
    shared = CallFrame(0, Ending.EXITED, 0, 0.1, 0.25, 1_000, 1)
    other = CallFrame(2, Ending.EXITED, 0, 0.1, 0.5, 2_000, 3)
    usages = usage_by_program(transcript(shared, shared, other, other), programs=2, calls=2)
    assert usages == [
        Usage(cpu_seconds=0.25, max_rss_bytes=1_000, processes=1),
        Usage(cpu_seconds=0.5, max_rss_bytes=2_000, processes=3),
    ]


def test_checks_count_a_process_again_only_where_there_was_another() -> None:
    first = CallFrame(0, Ending.EXITED, 0, 0.1, 0.25, 1_000, 1)
    second = CallFrame(2, Ending.EXITED, 0, 0.1, 0.5, 1_000, 1)
    assert usage_shared(transcript(first, first, second)).cpu_seconds == 0.75


def test_bytes_are_counted_kept_or_dropped() -> None:
    usage = usage_alone(transcript(frame(0, 0.0, payload=b"12345", out=Captured(b"head", b"tail", 100))))
    assert (usage.output_bytes, usage.dropped_bytes, usage.result_bytes) == (108, 100, 5)


def test_the_time_of_a_process_that_ended_with_its_isolation_is_told() -> None:
    usage = usage_alone(transcript(frame(0, 0.25, seconds=0.5), stop=Stop.DEADLINE, seconds=2.0))
    assert usage.unmeasured_seconds == 1.5


def test_in_a_search_it_is_the_first_program_without_all_its_answers_that_ran() -> None:
    cut = transcript(frame(0, 0.25), frame(1, 0.25), stop=Stop.CLOSED, seconds=3.0)
    usages = usage_by_program(cut, programs=3, calls=2)
    assert [usage.unmeasured_seconds for usage in usages] == [0.0, 2.0, 0.0]


def test_in_a_run_that_was_seen_through_nothing_is_unmeasured() -> None:
    assert usage_alone(transcript(frame(0, 0.25, seconds=0.1), seconds=9.0)).unmeasured_seconds == 0.0

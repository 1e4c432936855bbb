"""Facts of the supervisor → verdicts."""

from __future__ import annotations

import signal

import pytest

from autodev.events.models.call import CallOutcome, Raised, Returned
from autodev.sandbox import Policy, PropertyVerdict, Verdict
from autodev.sandbox.supervision.attribution import attributed
from autodev.sandbox.supervision.call_frame import CallFrame, Ending
from autodev.sandbox.supervision.facts import by_program, call_facts, property_facts
from autodev.sandbox.supervision.transcript import Counts, Stop, Transcript
from autodev.sandbox.supervision.verdict import judge_outcome, judge_process, judge_run

POLICY = Policy(cpu_seconds=2, processes=8)
NONE = Counts()
OK = b'{"kind":"returned","value":1}'


def frame(
    ending: Ending = Ending.EXITED,
    code: int = 0,
    payload: bytes = OK,
    *,
    cpu: float = 0.1,
    processes: int = 1,
    oom_kills: int = 0,
    refused_forks: int = 0,
) -> CallFrame:
    return CallFrame(0, ending, code, 0.2, cpu, 1_000, processes, oom_kills, refused_forks, payload)


def transcript(stop: Stop, *frames: CallFrame, status: int | None = None, counts: Counts = NONE) -> Transcript:
    return Transcript(stop, None, frames, status, "diagnostics", "detail", 1.0, counts)


@pytest.mark.parametrize(
    ("ended", "verdict"),
    [
        (frame(Ending.DEADLINE), Verdict.WALL_TIMEOUT),
        (frame(Ending.OUTPUT_CAP), Verdict.OUTPUT_LIMIT),
        (frame(Ending.RESULT_CAP), Verdict.OUTPUT_LIMIT),
        (frame(Ending.SIGNALLED, signal.SIGXCPU, cpu=2.0), Verdict.CPU_LIMIT),
        (frame(Ending.SIGNALLED, signal.SIGXCPU), Verdict.KILLED_BY_SIGNAL),
        (frame(Ending.SIGNALLED, signal.SIGKILL, cpu=2.0), Verdict.CPU_LIMIT),
        (frame(Ending.SIGNALLED, signal.SIGKILL), Verdict.KILLED_BY_SIGNAL),
        (frame(Ending.SIGNALLED, signal.SIGSEGV, cpu=2.0), Verdict.KILLED_BY_SIGNAL),
        (frame(payload=b""), Verdict.NO_RESULT),
        (frame(code=137, payload=b""), Verdict.NO_RESULT),
        (frame(code=1), Verdict.PROTOCOL_ERROR),
        (frame(processes=8), Verdict.PIDS_LIMIT),
        (frame(Ending.MALFORMED), Verdict.PROTOCOL_ERROR),
        (frame(Ending.MALFORMED, processes=8), Verdict.PIDS_LIMIT),
        (frame(Ending.NEVER_REACHED, payload=b""), Verdict.NO_RESULT),
        (frame(Ending.SIGNALLED, signal.SIGKILL, cpu=2.0, oom_kills=1), Verdict.OOM),
        (frame(oom_kills=1), Verdict.OOM),
        (frame(Ending.DEADLINE, oom_kills=1), Verdict.OOM),
        (frame(refused_forks=1), Verdict.PIDS_LIMIT),
        (frame(Ending.DEADLINE, refused_forks=1), Verdict.WALL_TIMEOUT),
    ],
)
def test_the_end_of_a_process_decides(ended: CallFrame, verdict: Verdict) -> None:
    judgement = judge_process(ended, POLICY)

    assert judgement is not None
    assert judgement.verdict is verdict


def test_a_process_that_ended_well_leaves_the_verdict_to_its_payload() -> None:
    assert judge_process(frame(), POLICY) is None


def test_a_policy_of_one_process_is_not_exceeded_by_that_one() -> None:
    assert judge_process(frame(), Policy(processes=1)) is None


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Returned(value=None), Verdict.OK),
        (Raised(type="ValueError"), Verdict.GUEST_ERROR),
        (Raised(type="MemoryError"), Verdict.OOM),
        (Raised(type="OSError", message="[Errno 12] Cannot allocate memory"), Verdict.OOM),
        (Raised(type="BlockingIOError", message="[Errno 11] Resource temporarily unavailable"), Verdict.PIDS_LIMIT),
        (Raised(type="RuntimeError", message="can't start new thread"), Verdict.PIDS_LIMIT),
        (Raised(type="RuntimeError", message="something else"), Verdict.GUEST_ERROR),
    ],
)
def test_a_payload_decides_the_rest(outcome: CallOutcome, verdict: Verdict) -> None:
    assert judge_outcome(outcome).verdict is verdict


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (transcript(Stop.COMPLETE), Verdict.OK),
        (transcript(Stop.DEADLINE), Verdict.WALL_TIMEOUT),
        (transcript(Stop.FORGED), Verdict.PROTOCOL_ERROR),
        (transcript(Stop.CLOSED, status=128 + 11), Verdict.KILLED_BY_SIGNAL),
        (transcript(Stop.CLOSED, status=1), Verdict.ENGINE_ERROR),
        (transcript(Stop.CLOSED), Verdict.ENGINE_ERROR),
        (transcript(Stop.CLOSED, status=137, counts=Counts(oom_kills=1)), Verdict.OOM),
        (transcript(Stop.DEADLINE, counts=Counts(oom_kills=1)), Verdict.WALL_TIMEOUT),
    ],
)
def test_the_end_of_a_run_decides_its_verdict(seen: Transcript, verdict: Verdict) -> None:
    assert judge_run(seen, POLICY).verdict is verdict


def test_the_first_unanswered_call_bears_the_runs_verdict_and_the_rest_were_never_reached() -> None:
    facts = call_facts(transcript(Stop.DEADLINE, frame()), ["a", "b", "c"], POLICY)

    assert [(fact.call_id, fact.verdict) for fact in facts] == [
        ("a", Verdict.OK),
        ("b", Verdict.WALL_TIMEOUT),
        ("c", Verdict.NO_RESULT),
    ]


@pytest.mark.parametrize(
    "ended", [frame(Ending.DEADLINE), frame(payload=b""), frame(payload=b"nonsense"), frame(payload=OK)]
)
def test_a_property_check_that_does_not_say_so_is_never_held(ended: CallFrame) -> None:
    (facts,) = property_facts(transcript(Stop.COMPLETE, ended), ["a"], POLICY)

    assert facts.verdict is PropertyVerdict.BROKEN


def test_a_property_check_never_reached_is_broken() -> None:
    facts = property_facts(transcript(Stop.DEADLINE), ["a", "b"], POLICY)

    assert [fact.verdict for fact in facts] == [PropertyVerdict.BROKEN] * 2


def test_each_program_of_a_search_is_judged_by_its_own_calls() -> None:
    answered, stopped, never_begun = by_program(transcript(Stop.DEADLINE, frame(), frame(), frame()), 3, 2)

    assert [judge_run(part, POLICY).verdict for part in (answered, stopped, never_begun)] == [
        Verdict.OK,
        Verdict.WALL_TIMEOUT,
        Verdict.WALL_TIMEOUT,
    ]
    assert [len(part.frames) for part in (answered, stopped, never_begun)] == [2, 1, 0]


def verdicts(seen: Transcript) -> list[Verdict]:
    calls = [str(number) for number in range(len(seen.frames))]
    return [facts.verdict for facts in call_facts(attributed(seen), calls, POLICY)]


@pytest.mark.parametrize("ended", [frame(), frame(Ending.SIGNALLED, signal.SIGKILL), frame(Ending.DEADLINE)])
def test_what_the_kernel_counted_of_an_isolation_belongs_to_its_only_call(ended: CallFrame) -> None:
    assert verdicts(transcript(Stop.COMPLETE, ended, counts=Counts(oom_kills=1))) == [Verdict.OOM]


def test_a_fork_refused_in_an_isolation_was_refused_to_its_only_call() -> None:
    assert verdicts(transcript(Stop.COMPLETE, frame(), counts=Counts(refused_forks=3))) == [Verdict.PIDS_LIMIT]


def test_of_several_calls_those_killed_bear_the_kill_for_memory() -> None:
    killed, segfault = frame(Ending.SIGNALLED, signal.SIGKILL), frame(Ending.SIGNALLED, signal.SIGSEGV)
    seen = transcript(Stop.COMPLETE, frame(), killed, segfault, counts=Counts(oom_kills=1, refused_forks=1))

    assert verdicts(seen) == [Verdict.OK, Verdict.OOM, Verdict.KILLED_BY_SIGNAL]


def test_the_only_answered_call_of_a_run_cut_short_bears_nothing_of_the_call_that_ended_it() -> None:
    seen = attributed(transcript(Stop.CLOSED, frame(), counts=Counts(oom_kills=1)))

    assert [fact.verdict for fact in call_facts(seen, ["a", "b"], POLICY)] == [Verdict.OK, Verdict.OOM]


def test_without_counts_of_the_isolation_what_process_1_counted_stands() -> None:
    counted = transcript(Stop.COMPLETE, frame(oom_kills=2, refused_forks=1))

    assert attributed(counted) == counted

"""The supervisor's facts about a call and about a run → verdicts. Pure."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from autodev.events.models.call import CallOutcome, Raised
from autodev.events.models.search import Verdict
from autodev.sandbox.policy import Policy
from autodev.sandbox.supervision.call_frame import CallFrame, Ending
from autodev.sandbox.supervision.transcript import Stop, Transcript

_CPU_SHARE = 0.8
"""Of its CPU seconds that a process killed at the limit has at least used: the kernel's two counts differ."""


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    message: str = ""


NEVER_REACHED = Judgement(Verdict.NO_RESULT, "the run ended before this call")


def judge_process(frame: CallFrame, policy: Policy) -> Judgement | None:
    """The verdict on how a call's process ended; None if it ended well and its payload decides."""
    if frame.oom_kills:
        return Judgement(Verdict.OOM, f"the kernel killed {frame.oom_kills} of its processes for memory")
    match frame.ending:
        case Ending.DEADLINE:
            refused = f"; {_refused(frame)}" if frame.refused_forks else ""
            return Judgement(Verdict.WALL_TIMEOUT, f"stopped after {policy.call_seconds:g} s{refused}")
        case Ending.OUTPUT_CAP:
            return Judgement(Verdict.OUTPUT_LIMIT, f"wrote more than {policy.output_bytes} bytes of output")
        case Ending.RESULT_CAP:
            return Judgement(
                Verdict.OUTPUT_LIMIT,
                f"its result takes more than {policy.result_bytes} bytes, or than is left of the program's share of a "
                f"search's {policy.search_result_bytes}",
            )
        case Ending.NEVER_REACHED:
            return NEVER_REACHED
        case Ending.SIGNALLED:
            return _judge_signal(frame, policy)
        case Ending.EXITED | Ending.MALFORMED:
            return _judge_exit(frame, policy)


def judge_outcome(outcome: CallOutcome) -> Judgement:
    """The verdict on what a call delivered.

    Nobody but the guest sees what a resource limit refused it; it can only accuse itself.
    """
    if not isinstance(outcome, Raised):
        return Judgement(Verdict.OK)
    if outcome.type == "MemoryError" or outcome.message.startswith("[Errno 12]"):
        return Judgement(Verdict.OOM, "an allocation was refused")
    refused_fork = outcome.type == "BlockingIOError" and outcome.message.startswith("[Errno 11]")
    refused_thread = outcome.type == "RuntimeError" and outcome.message == "can't start new thread"
    if refused_fork or refused_thread:
        return Judgement(Verdict.PIDS_LIMIT, "a new process or thread was refused")
    return Judgement(Verdict.GUEST_ERROR)


def judge_run(transcript: Transcript, policy: Policy) -> Judgement:
    """The verdict on the run, and on the call that it ended in."""
    match transcript.stop:
        case Stop.COMPLETE:
            return Judgement(Verdict.OK)
        case Stop.DEADLINE:
            return Judgement(Verdict.WALL_TIMEOUT, f"the run was stopped after {policy.wall_seconds:g} s")
        case Stop.FORGED:
            return Judgement(Verdict.PROTOCOL_ERROR, transcript.detail)
        case Stop.CLOSED if transcript.counts.oom_kills:
            return Judgement(Verdict.OOM, "the kernel killed process 1 for memory")
        case Stop.CLOSED if transcript.exit_status is not None and transcript.exit_status > 128:
            return Judgement(Verdict.KILLED_BY_SIGNAL, f"process 1 died of {_name(transcript.exit_status - 128)}")
        case _:
            return Judgement(Verdict.ENGINE_ERROR, transcript.diagnostics[-500:] or "process 1 ended early")


def _judge_signal(frame: CallFrame, policy: Policy) -> Judgement:
    spent = frame.cpu_seconds >= policy.cpu_seconds * _CPU_SHARE
    if spent and frame.code in (signal.SIGXCPU, signal.SIGKILL):
        return Judgement(Verdict.CPU_LIMIT, f"used {policy.cpu_seconds} s of CPU")
    return Judgement(Verdict.KILLED_BY_SIGNAL, _name(frame.code))


def _judge_exit(frame: CallFrame, policy: Policy) -> Judgement | None:
    if frame.refused_forks:
        return Judgement(Verdict.PIDS_LIMIT, _refused(frame))
    if frame.processes >= policy.processes > 1:
        return Judgement(Verdict.PIDS_LIMIT, f"had {frame.processes} processes at its end")
    if frame.ending is Ending.MALFORMED:
        return Judgement(Verdict.PROTOCOL_ERROR, "delivered something else than one answer a call")
    if frame.code and frame.payload:
        return Judgement(Verdict.PROTOCOL_ERROR, f"delivered a result and exited with {frame.code}")
    if not frame.payload:
        return Judgement(Verdict.NO_RESULT, f"exited with {frame.code} and delivered nothing")
    return None


def _refused(frame: CallFrame) -> str:
    return f"{frame.refused_forks} new processes or threads were refused"


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

"""A run's transcript → the facts on each of its calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from autodev.events.models.search import PropertyVerdict, Verdict
from autodev.sandbox.policy import Policy
from autodev.sandbox.report import CallFacts, Output, PropertyFacts
from autodev.sandbox.supervision.call_frame import CallFrame, Captured
from autodev.sandbox.supervision.outcome import read_outcome, read_property
from autodev.sandbox.supervision.payload import PayloadError
from autodev.sandbox.supervision.transcript import Stop, Transcript
from autodev.sandbox.supervision.verdict import NEVER_REACHED, Judgement, judge_outcome, judge_process, judge_run


def by_program(transcript: Transcript, programs: int, calls: int) -> Iterator[Transcript]:
    """What each program of a search came to: as a run of its own, complete if all its calls were seen through."""
    for program in range(programs):
        frames = transcript.frames[program * calls : (program + 1) * calls]
        stop = Stop.COMPLETE if len(frames) == calls else transcript.stop
        yield replace(transcript, stop=stop, frames=frames, seconds=sum(frame.seconds for frame in frames))


def call_facts(transcript: Transcript, call_ids: Sequence[str], policy: Policy) -> tuple[CallFacts, ...]:
    """One for each call: those answered, the one the run ended in, and those it never came to."""
    answered = [_facts(call_id, frame, policy) for call_id, frame in zip(call_ids, transcript.frames, strict=False)]
    return (
        *answered,
        *(
            CallFacts(call_id, judgement.verdict, message=judgement.message)
            for call_id, judgement in _unanswered(transcript, call_ids, policy)
        ),
    )


def property_facts(transcript: Transcript, call_ids: Sequence[str], policy: Policy) -> tuple[PropertyFacts, ...]:
    """One for each check; one that was stopped or gave no verdict is broken, never held."""
    answered = [_property(call_id, frame, policy) for call_id, frame in zip(call_ids, transcript.frames, strict=False)]
    return (
        *answered,
        *(
            PropertyFacts(call_id, PropertyVerdict.BROKEN, f"{judgement.verdict}: {judgement.message}")
            for call_id, judgement in _unanswered(transcript, call_ids, policy)
        ),
    )


def _facts(call_id: str, frame: CallFrame, policy: Policy) -> CallFacts:
    judgement = judge_process(frame, policy)
    outcome = None
    if judgement is None:
        try:
            outcome = read_outcome(frame.payload)
            judgement = judge_outcome(outcome)
        except PayloadError as error:
            judgement = Judgement(Verdict.PROTOCOL_ERROR, str(error))
    return CallFacts(
        call_id,
        judgement.verdict,
        outcome,
        judgement.message,
        frame.seconds,
        frame.cpu_seconds,
        frame.max_rss,
        _output(frame.stdout),
        _output(frame.stderr),
    )


def _property(call_id: str, frame: CallFrame, policy: Policy) -> PropertyFacts:
    if judgement := judge_process(frame, policy):
        return PropertyFacts(call_id, PropertyVerdict.BROKEN, f"{judgement.verdict}: {judgement.message}")
    try:
        return PropertyFacts(call_id, *read_property(frame.payload))
    except PayloadError as error:
        return PropertyFacts(call_id, PropertyVerdict.BROKEN, str(error))


def _unanswered(transcript: Transcript, call_ids: Sequence[str], policy: Policy) -> list[tuple[str, Judgement]]:
    rest = call_ids[len(transcript.frames) :]
    if not rest:
        return []
    return [(rest[0], judge_run(transcript, policy)), *((call_id, NEVER_REACHED) for call_id in rest[1:])]


def _output(captured: Captured) -> Output:
    if not captured.dropped:  # cut only where something is missing, so that no character is torn in two
        return Output((captured.head + captured.tail).decode("utf-8", "backslashreplace"))
    head, tail = (part.decode("utf-8", "backslashreplace") for part in (captured.head, captured.tail))
    return Output(head, tail, captured.dropped)

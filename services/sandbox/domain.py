"""What a generation asks to be run, and the facts that answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autodev.events.models.call import Returned
from autodev.events.models.search import (
    CallRun,
    Candidate,
    CandidateRun,
    CandidatesExecuted,
    Generation,
)
from autodev.ids import CallId, CandidateId
from autodev.sandbox import CallFacts, CallInput, Program, PropertyFacts, PropertyInput, PropertyVerdict, RunReport

MAX_MESSAGE = 2_000

PropertyKey = tuple[CallId, str]
"""A call and what was answered, as JSON."""


def program(generation: Generation, candidate: Candidate) -> Program:
    return Program(generation.module_source, generation.entrypoint, candidate.code)


def call_inputs(generation: Generation) -> list[CallInput]:
    """The calls alone: what they should come to never enters the guest."""
    return [CallInput(call.call_id, call.arguments) for call in generation.evidence]


def property_inputs(
    generation: Generation, reports: Mapping[CandidateId, RunReport]
) -> dict[PropertyKey, PropertyInput]:
    """A check for every answer; candidates that agree on a call share one."""
    arguments = {call.call_id: call.arguments for call in generation.evidence}
    answers = {
        property_key(facts.call_id, facts.outcome): facts.outcome.value
        for report in reports.values()
        for facts in report.calls
        if isinstance(facts.outcome, Returned)
    }
    return {key: PropertyInput(str(index), arguments[key[0]], answers[key]) for index, key in enumerate(answers)}


def property_key(call_id: str, answer: Returned) -> PropertyKey:
    return CallId(call_id), answer.model_dump_json()


def executed(
    generation: Generation,
    engine: str,
    reports: Mapping[CandidateId, RunReport],
    checks: Mapping[PropertyKey, PropertyFacts],
) -> CandidatesExecuted:
    runs = tuple(
        CandidateRun(
            candidate_id=candidate.candidate_id,
            verdict=(report := reports[candidate.candidate_id]).verdict,
            message=report.message[:MAX_MESSAGE],
            seconds=report.seconds,
            calls=tuple(_call_run(facts, checks) for facts in report.calls),
        )
        for candidate in generation.candidates
    )
    fields = {name: getattr(generation, name) for name in Generation.model_fields}
    return CandidatesExecuted(**fields, engine=engine, runs=runs)


def _call_run(facts: CallFacts, checks: Mapping[PropertyKey, PropertyFacts]) -> CallRun:
    check = checks.get(property_key(facts.call_id, facts.outcome)) if isinstance(facts.outcome, Returned) else None
    return CallRun(
        call_id=CallId(facts.call_id),
        verdict=facts.verdict,
        outcome=facts.outcome,
        seconds=facts.seconds,
        property=check.verdict if check else PropertyVerdict.ABSENT,
        property_message=check.message[:MAX_MESSAGE] if check else "",
    )


def verdicts(reports: Sequence[RunReport]) -> dict[str, int]:
    """How many calls ended in each verdict, for the metrics."""
    counted: dict[str, int] = {}
    for report in reports:
        for facts in report.calls:
            counted[facts.verdict] = counted.get(facts.verdict, 0) + 1
    return counted

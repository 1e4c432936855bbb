"""What a generation asks to be run, and the facts that answer it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping

from autodev.events.models.call import Returned
from autodev.events.models.search import CallRun, Candidate, CandidateRun, CandidatesExecuted, Generation
from autodev.ids import CallId, CandidateId
from autodev.sandbox import CallFacts, CallInput, PropertyFacts, PropertyInput, PropertyVerdict, RunReport, Verdict

MAX_MESSAGE = 2_000
MAX_WRONG = 6 << 20
"""Bytes of the runs of wrong candidates, of all together, that are reported."""

PropertyKey = tuple[CallId, str]
"""A call and what was answered, as JSON."""


def call_inputs(generation: Generation) -> list[CallInput]:
    """The calls alone: what they should come to never enters the guest."""
    return [CallInput(call.call_id, call.arguments) for call in generation.evidence]


def property_inputs(
    generation: Generation, reports: Iterable[RunReport], checked: Container[PropertyKey]
) -> dict[PropertyKey, PropertyInput]:
    """A check for every answer that has not been `checked`; candidates that agree on a call share one."""
    arguments = {call.call_id: call.arguments for call in generation.evidence}
    answers = {
        key: facts.outcome.value
        for report in reports
        for facts in report.calls
        if isinstance(facts.outcome, Returned) and (key := property_key(facts.call_id, facts.outcome)) not in checked
    }
    return {key: PropertyInput(str(index), arguments[key[0]], answers[key]) for index, key in enumerate(answers)}


def property_key(call_id: str, answer: Returned) -> PropertyKey:
    return CallId(call_id), answer.model_dump_json()


def candidate_run(candidate: Candidate, report: RunReport, checks: Mapping[PropertyKey, PropertyFacts]) -> CandidateRun:
    return CandidateRun(
        candidate_id=candidate.candidate_id,
        verdict=report.verdict,
        message=report.message[:MAX_MESSAGE],
        seconds=report.seconds,
        calls=tuple(_call_run(facts, checks) for facts in report.calls),
    )


def bounded(runs: Mapping[CandidateId, CandidateRun], whole: Container[CandidateId]) -> dict[CandidateId, CandidateRun]:
    """The runs without the answers of those, but the `whole` ones, that would make the report too large for its topic.

    Such a report could not be sent at all, and nobody of the generation would be judged.
    """
    room, kept = MAX_WRONG, dict(runs)
    for candidate, run in runs.items():
        if candidate in whole:
            continue
        size = len(run.model_dump_json())
        if size <= room:
            room -= size
        else:
            kept[candidate] = _without_answers(run)
    return kept


def _without_answers(run: CandidateRun) -> CandidateRun:
    calls = tuple(
        CallRun(call_id=call.call_id, verdict=Verdict.OUTPUT_LIMIT, outcome=None, seconds=call.seconds)
        for call in run.calls
    )
    message = "wrong, and its answers are too large to be reported"
    return CandidateRun(
        candidate_id=run.candidate_id, verdict=Verdict.OUTPUT_LIMIT, message=message, seconds=run.seconds, calls=calls
    )


def executed(generation: Generation, engine: str, runs: Mapping[CandidateId, CandidateRun]) -> CandidatesExecuted:
    fields = {name: getattr(generation, name) for name in Generation.model_fields}
    in_order = tuple(runs[candidate.candidate_id] for candidate in generation.candidates)
    return CandidatesExecuted(**fields, engine=engine, runs=in_order)


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


def verdicts(reports: Iterable[RunReport]) -> Counter[Verdict]:
    """How many calls ended in each verdict, for the metrics."""
    return Counter(facts.verdict for report in reports for facts in report.calls)

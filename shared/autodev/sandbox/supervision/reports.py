"""A run's transcript → its report. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from autodev.sandbox.policy import Policy
from autodev.sandbox.program import CallInput, PropertyInput
from autodev.sandbox.report import PropertyReport, RunReport, Usage
from autodev.sandbox.supervision.facts import by_program, call_facts, property_facts
from autodev.sandbox.supervision.overshoot import overshoot_by_program, run_overshoot
from autodev.sandbox.supervision.transcript import Transcript
from autodev.sandbox.supervision.usage import usage_alone, usage_by_program, usage_shared
from autodev.sandbox.supervision.verdict import judge_run


def run_report(engine: str, transcript: Transcript, calls: Sequence[CallInput], policy: Policy) -> RunReport:
    return _report(engine, transcript, calls, policy, usage_alone(transcript), run_overshoot(transcript, policy))


def search_reports(
    engine: str, transcript: Transcript, programs: int, calls: Sequence[CallInput], policy: Policy
) -> list[RunReport]:
    """One for each program, in their order."""
    parts = by_program(transcript, programs, len(calls))
    usages = usage_by_program(transcript, programs, len(calls))
    overshoots = overshoot_by_program(transcript, programs, len(calls), policy)
    return [
        _report(engine, part, calls, policy, usage, overshoot)
        for part, usage, overshoot in zip(parts, usages, overshoots, strict=True)
    ]


def property_report(
    engine: str, transcript: Transcript, checks: Sequence[PropertyInput], policy: Policy
) -> PropertyReport:
    judgement = judge_run(transcript, policy)
    return PropertyReport(
        judgement.verdict,
        judgement.message,
        engine,
        policy,
        transcript.seconds,
        property_facts(transcript, [check.call_id for check in checks], policy),
        usage_shared(transcript),
        transcript.take_seconds,
        run_overshoot(transcript, policy),
    )


def _report(
    engine: str,
    transcript: Transcript,
    calls: Sequence[CallInput],
    policy: Policy,
    usage: Usage,
    overshoot_seconds: float | None,
) -> RunReport:
    judgement = judge_run(transcript, policy)
    return RunReport(
        judgement.verdict,
        judgement.message,
        engine,
        policy,
        transcript.seconds,
        call_facts(transcript, [call.call_id for call in calls], policy),
        usage,
        transcript.take_seconds,
        overshoot_seconds,
        transcript.answered_seconds,
    )

"""What runs tell, as metrics."""

from __future__ import annotations

from collections.abc import Sequence

from autodev.sandbox import PropertyReport, RunReport
from autodev.telemetry.metrics import SANDBOX_DURATION, SANDBOX_OVERSHOOT, SANDBOX_RUNS, SANDBOX_TAKE
from services.sandbox.domain.facts import verdicts


def measure_runs(reports: Sequence[RunReport]) -> None:
    """Of the programs of one isolation."""
    for report in reports:
        SANDBOX_DURATION.record(report.seconds, {"engine": report.engine})
    for verdict, calls in verdicts(reports).items():
        SANDBOX_RUNS.add(calls, {"verdict": verdict})
    measure_isolation(reports)


def measure_isolation(reports: Sequence[RunReport] | Sequence[PropertyReport]) -> None:
    """How long it took to get one isolation, and to end what had to be killed in it."""
    for report in reports[:1]:  # all share it
        SANDBOX_TAKE.record(report.take_seconds, {"engine": report.engine})
    for report in reports:
        if report.overshoot_seconds is not None:
            SANDBOX_OVERSHOOT.record(report.overshoot_seconds, {"engine": report.engine})

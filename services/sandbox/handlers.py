"""A generation in, its facts out. Candidates first; then, in a new isolation, the skill's own property check."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.models.search import Candidate, CandidatesProposed, Generation
from autodev.sandbox import Engine, IsolationUnavailable, Policy, Program, PropertyFacts, RunReport
from autodev.stream.emission import Emission, emit
from autodev.stream.failures import InfrastructureError
from autodev.telemetry.metrics import SANDBOX_DURATION, SANDBOX_RUNS
from services.sandbox import domain


@dataclass
class Isolation:
    """Runs generations on one engine, a bounded number of isolations at a time."""

    engine: Engine
    policy: Policy
    concurrency: int
    trouble: str | None = "isolation not proved yet"
    """Set until the engine has proved its promises; while it is, nothing runs."""
    _slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.concurrency)

    async def run(self, event: Event[CandidatesProposed], _connection: AsyncConnection) -> Iterable[Emission]:
        if self.trouble is not None:
            raise InfrastructureError(self.trouble)
        generation = event.data
        assert generation is not None
        try:
            reports = await asyncio.gather(*(self._run(generation, candidate) for candidate in generation.candidates))
            by_candidate = {
                candidate.candidate_id: report for candidate, report in zip(generation.candidates, reports, strict=True)
            }
            checks = await self._check_properties(generation, domain.property_inputs(generation, by_candidate))
        except IsolationUnavailable as error:
            raise InfrastructureError(str(error)) from error
        _measure(reports)
        return [emit(domain.executed(generation, reports[0].engine, by_candidate, checks), event)]

    async def _run(self, generation: Generation, candidate: Candidate) -> RunReport:
        async with self._slots:
            return await self.engine.run(
                domain.program(generation, candidate), domain.call_inputs(generation), self.policy
            )

    async def _check_properties(self, generation: Generation, inputs: Any) -> dict[domain.PropertyKey, PropertyFacts]:
        """All results of a generation in one isolation: they are data, and the check is the agent's own code."""
        if not inputs:
            return {}
        unmodified = Program(generation.module_source, generation.entrypoint)
        async with self._slots:
            report = await self.engine.check_properties(unmodified, list(inputs.values()), self.policy)
        return dict(zip(inputs, report.checks, strict=True))


def _measure(reports: Iterable[RunReport]) -> None:
    for report in reports:
        SANDBOX_DURATION.record(report.seconds, {"engine": report.engine})
    for verdict, calls in domain.verdicts(list(reports)).items():
        SANDBOX_RUNS.add(calls, {"verdict": verdict})

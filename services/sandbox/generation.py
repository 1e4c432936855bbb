"""Running one generation: the base alone, all candidates in one isolation, and alone again those that survive it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from autodev.events.models.search import Candidate, CandidateRun, Generation
from autodev.ids import CandidateId
from autodev.sandbox import (
    Engine,
    Policy,
    Program,
    PropertyFacts,
    PropertyInput,
    PropertyVerdict,
    RunReport,
    Verdict,
)
from services.sandbox.counting import counted
from services.sandbox.domain import facts
from services.sandbox.domain.refusals import NOTHING_KNOWN, Inspected
from services.sandbox.domain.survivors import is_right, not_run_alone, survivors
from services.sandbox.measuring import measure_isolation, measure_runs
from services.sandbox.slots import FairSlots
from services.sandbox.spending import MeteredTenants

MAX_ALONE = 4
"""Survivors of a generation that run alone. What is right together is right alone, but for cheats and odd state, so
a generation in which four were not has better things to do than to try sixty."""
MAX_CHECKS = 1_000
"""Property checks in one isolation."""

Reports = dict[CandidateId, RunReport]


class GenerationRun:
    """One generation on one engine."""

    def __init__(
        self,
        generation: Generation,
        engine: Engine,
        policy: Policy,
        slots: FairSlots,
        tenants: MeteredTenants,
        inspected: Inspected = NOTHING_KNOWN,
    ) -> None:
        """`slots` bounds the isolations at one time, over all generations; `tenants` is charged after each.

        `inspected`: candidates that need no isolation, since all that it could say is known.
        """
        self._generation = generation
        self._engine = engine
        self._policy = policy
        self._slots = slots
        self._tenants = tenants
        self._inspected = inspected
        self._calls = facts.call_inputs(generation)
        self._checks: dict[facts.PropertyKey, PropertyFacts] = {}

    async def run(self) -> Mapping[CandidateId, CandidateRun]:
        """The facts on every candidate.

        Raises:
            IsolationUnavailable: an isolation could not be made.
        """
        known = dict(self._inspected.refused)
        base, *candidates = self._generation.candidates
        # The base's run decides what is evidence and how long a call may take, so it is measured as survivors are.
        alone, searched = await asyncio.gather(
            self._alone(base) if base.candidate_id not in known else _nothing(),
            self._together([each for each in candidates if each.candidate_id not in known]),
        )
        runs = await self._described(known | alone | searched)
        # Where nothing is evidence nobody is wrong, not even who can't be loaded.
        surviving = [each for each in survivors(self._generation, runs) if each.candidate_id not in known]
        proved = await self._prove(surviving, runs[base.candidate_id])
        left = {each.candidate_id: not_run_alone(runs[each.candidate_id]) for each in surviving}
        base_run = runs[base.candidate_id]
        right = {candidate for candidate, run in proved.items() if is_right(self._generation, run, base_run)}
        return facts.bounded(runs | left | proved, whole=right | {base.candidate_id})

    async def _prove(self, surviving: Sequence[Candidate], base: CandidateRun) -> dict[CandidateId, CandidateRun]:
        """Runs survivors alone, best first, until one is right again."""
        proved: dict[CandidateId, CandidateRun] = {}
        for survivor in surviving[:MAX_ALONE]:
            proved |= await self._described(await self._alone(survivor))
            if is_right(self._generation, proved[survivor.candidate_id], base):
                break
        return proved

    async def _alone(self, candidate: Candidate) -> Reports:
        program = Program(self._generation.module_source, self._generation.entrypoint, candidate.code)
        async with self._slots.of(self._generation.tenant_id):
            report = await self._engine.run(program, self._calls, self._policy)
        return self._accounted([candidate], [report])

    async def _together(self, candidates: Sequence[Candidate]) -> Reports:
        if not candidates:
            return {}
        module, entrypoint, codes = counted(self._generation, candidates)
        async with self._slots.of(self._generation.tenant_id):
            reports = await self._engine.search(module, entrypoint, codes, self._calls, self._policy)
        return self._accounted(candidates, reports)

    async def _described(self, reports: Reports) -> dict[CandidateId, CandidateRun]:
        """The runs' facts, with the property of every answer."""
        await self._check_properties(reports.values())
        return {
            candidate.candidate_id: self._inspected.advised(
                facts.candidate_run(candidate, reports[candidate.candidate_id], self._checks)
            )
            for candidate in self._generation.candidates
            if candidate.candidate_id in reports
        }

    async def _check_properties(self, reports: Iterable[RunReport]) -> None:
        """In new isolations: an answer is only data there, and the check is the agent's own code.

        Answers over which a check does not end use up the time of those behind them. So what a run was too short for is
        asked again for each candidate by itself.
        """
        reports = list(reports)
        lost = await self._check(facts.property_inputs(self._generation, reports, self._checks))
        for report in reports if len(reports) > 1 else ():
            if not lost:
                break
            again = facts.property_inputs(self._generation, [report], self._checks.keys() - lost)
            lost -= again.keys() - await self._check(again)

    async def _check(self, inputs: Mapping[facts.PropertyKey, PropertyInput]) -> set[facts.PropertyKey]:
        """Those without a verdict because the run ended first."""
        unmodified = Program(self._generation.module_source, self._generation.entrypoint)
        lost: set[facts.PropertyKey] = set()
        everything = list(inputs.items())
        for start in range(0, len(everything), MAX_CHECKS):
            chunk = dict(everything[start : start + MAX_CHECKS])
            async with self._slots.of(self._generation.tenant_id):
                report = await self._engine.check_properties(unmodified, list(chunk.values()), self._policy)
            self._tenants.charge(self._generation.tenant_id, report.usage)
            measure_isolation([report])
            checked = dict(zip(chunk, report.checks, strict=True))
            self._checks |= checked
            if report.verdict is not Verdict.OK:
                lost |= {key for key, check in checked.items() if check.verdict is PropertyVerdict.BROKEN}
        return lost

    def _accounted(self, candidates: Sequence[Candidate], reports: Sequence[RunReport]) -> Reports:
        for report in reports:
            self._tenants.charge(self._generation.tenant_id, report.usage)
        measure_runs(reports)
        return {candidate.candidate_id: report for candidate, report in zip(candidates, reports, strict=True)}


async def _nothing() -> Reports:
    return {}

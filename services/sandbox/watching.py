"""Where no candidate was right: the way of the unmodified skill, and of those that come nearest, through the module.

Their calls run once more, watched line by line. What that tells is the guest's word: it steers the search, and no
verdict comes of it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Final

from autodev.events.models.search import MAX_LINES, Candidate, CandidateRun, Generation, Place, Share, Way
from autodev.ids import CallId, CandidateId
from autodev.repair import RepairError
from autodev.repair.running.driver import TRACED, driven
from autodev.repair.running.sandboxed import trace_of
from autodev.repair.running.steps import TRACED_STEPS
from autodev.repair.search.module import ModuleText
from autodev.sandbox import CallInput, Engine, Policy, Program
from autodev.sandbox.report import CallFacts
from services.sandbox.domain.nearest import nearest
from services.sandbox.measuring import measure_runs
from services.sandbox.slots import FairSlots
from services.sandbox.spending import MeteredTenants

_FRAMES: Final = 50
_NAME: Final = 200


class Watching:
    """Of one generation on one engine."""

    def __init__(
        self, generation: Generation, engine: Engine, policy: Policy, slots: FairSlots, tenants: MeteredTenants
    ) -> None:
        self._generation = generation
        self._engine = engine
        self._policy = policy
        self._slots = slots
        self._tenants = tenants
        self._calls = [
            CallInput(call.call_id, call.arguments) for call in generation.evidence if call.share is Share.SEARCH
        ]

    async def ways(self, runs: Mapping[CandidateId, CandidateRun]) -> dict[CandidateId, CandidateRun]:
        """`runs`, with the ways of those that a search may go on from; none where it has ended.

        Raises:
            IsolationUnavailable: an isolation could not be made.
        """
        watched = dict(runs)
        base = self._generation.candidates[0]
        for candidate in nearest(self._generation, runs):
            known = candidate is base and self._generation.step_limit is not None
            ways = () if known else await self._watched(candidate)
            if ways:
                watched[candidate.candidate_id] = runs[candidate.candidate_id].model_copy(update={"ways": ways})
        return watched

    async def _watched(self, candidate: Candidate) -> tuple[Way, ...]:
        unknown = tuple(Way(call_id=CallId(call.call_id)) for call in self._calls)
        module = _module(self._generation, candidate)
        if module is None or not self._calls:
            return unknown
        program = Program(driven(module, self._generation.entrypoint, TRACED_STEPS), TRACED)
        async with self._slots.of(self._generation.tenant_id):
            report = await self._engine.run(program, self._calls, self._policy)
        self._tenants.charge(self._generation.tenant_id, report.usage)
        measure_runs([report])
        return tuple(_way(facts) for facts in report.calls)


def _module(generation: Generation, candidate: Candidate) -> str | None:
    """The module that runs; None of a coroutine, which has not run yet when the call has returned."""
    try:
        module = ModuleText.of(generation.module_source, generation.entrypoint)
        if candidate.code is not None:
            module = module.with_code(generation.entrypoint, candidate.code)
        code = module.code(generation.entrypoint)
    except RepairError:
        return None
    return None if isinstance(ast.parse(code).body[0], ast.AsyncFunctionDef) else module.text


def _way(facts: CallFacts) -> Way:
    trace = trace_of(facts)
    lines: Sequence[int] = sorted(trace.lines) if len(trace.lines) <= MAX_LINES else ()
    frames = tuple(Place(function=step.function[:_NAME], line=max(0, step.line)) for step in trace.frames[-_FRAMES:])
    return Way(call_id=CallId(facts.call_id), lines=tuple(lines), frames=frames, steps=max(0, trace.steps))

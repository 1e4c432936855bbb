"""One program searched for a number of candidates: what could be tried, and what of it was right on held-out cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from autodev.repair.batch import BatchProgram, shared_out
from autodev.repair.running.mutating import mutate
from autodev.repair.running.sandboxed import SandboxRunner
from autodev.repair.search.candidate import Candidate
from autodev.repair.search.module import ModuleText
from autodev.repair.search.priors import Priors
from autodev.repair.search.searching import Progress, Task, search
from autodev.repair.source.function import FunctionSource
from autodev.sandbox.engine import Engine

SHARE: Final = 0.5
"""Of the cases, for the search; the others tell which of its answers are right."""
_JUDGED: Final = 60


@dataclass(frozen=True)
class Explored:
    program_id: str
    failures: Mapping[str, float]
    offered: Mapping[str, int]
    """Single edits of the original, by operator."""
    right: Sequence[Sequence[str]]
    """The operators of each answer that is right on the held-out cases, too."""
    plausible: int

    @property
    def group(self) -> str:
        """The assignment: what its id begins with."""
        return self.program_id.partition("-")[0]

    def document(self) -> dict[str, Any]:
        return asdict(self)


async def explore(program: BatchProgram, engine: Engine, candidates: int, priors: Priors) -> Explored:
    """Raises RepairError for a program that can't be repaired at all."""
    module = ModuleText.of(program.source, program.entrypoint)
    runner = SandboxRunner(engine, module, program.entrypoint)
    before = await runner.confirm(module, program.cases)
    fails = [not case.is_right(outcome) for case, outcome in zip(program.cases, before, strict=True)]
    seen, held_out = shared_out(program.cases, fails, SHARE)
    evaluated = 0

    def watch(progress: Progress) -> None:
        nonlocal evaluated
        evaluated = progress.evaluated

    task = Task(program.entrypoint, seen, mutate, lambda: evaluated >= candidates, watch, priors)
    found = await search(Candidate(module), task, runner)
    right = []
    for candidate in found.plausible[:_JUDGED]:
        outcomes = await runner.confirm(candidate.module, held_out) if held_out else []
        if all(case.is_right(outcome) for case, outcome in zip(held_out, outcomes, strict=True)):
            right.append([edit.operator for edit in candidate.edits])
    function = FunctionSource(module.code(program.entrypoint))
    offered = dict(Counter(mutation.operator for mutation in mutate(function, module)))
    return Explored(program.program_id, found.failures, offered, right, len(found.plausible))

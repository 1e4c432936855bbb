"""Best first through versions of a module, until enough are right on all cases to compare, or the budget ends.

One queue holds all edits that wait. Versions that do better than the original are expanded soon after they are found
(others once no edit waits), and their edits join the queue: two good edits in a row come before one unlikely edit. So
repairs of several edits need no round of their own, and an error that a fix reveals meets the rules for it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from autodev.repair.search.beam import Beam
from autodev.repair.search.candidate import Candidate
from autodev.repair.search.case import Case
from autodev.repair.search.expanding import Mutate, Node, expand
from autodev.repair.search.failing import shares
from autodev.repair.search.frontier import Frontier
from autodev.repair.search.outcome import Outcome
from autodev.repair.search.priors import Priors, shipped
from autodev.repair.search.runner import Runner
from autodev.repair.search.staging import evaluated, stages
from autodev.repair.search.trace import Trace

FIRST_CHUNK: Final = 16
CHUNK: Final = 64
AT_ONE_TIME: Final = 2
"""Chunks that are evaluated together."""
_NODES: Final = 60
_EXPANSIONS: Final = 2
"""After each chunk at most: they cost as much as dozens of candidates."""
_DISCOUNT: Final = 0.5
"""Of each edit more: one that is right by itself is likelier."""
_ALTERNATIVES: Final = 2
"""Times the candidates that the first plausible one took, to find others to compare it with."""
_AT_LEAST: Final = 400
_ENOUGH: Final = 60
"""Plausible candidates after which more would tell nothing new."""

_Chunk = tuple[list[Candidate], "asyncio.Task[Sequence[Sequence[Outcome]]]"]


@dataclass(frozen=True, slots=True)
class Progress:
    evaluated: int
    best: float
    """Share of the cases that the best candidate so far gets right."""
    plausible: int


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    cases: Sequence[Case]
    """Those that failed first."""
    original: Sequence[Trace]
    """In the order of the cases."""
    plausible: Sequence[Candidate]
    """Right on all cases, each in a run of its own; in the order in which they were found."""
    evaluated: int
    failures: Mapping[str, float]
    """What failed before, by shares: an exception's class, `wrong_value` or `Timeout`; empty if nothing did."""
    best: float


@dataclass(frozen=True)
class Task:
    """`mutate` gives the single edits of a function; `late` tells when the budget is spent."""

    entrypoint: str
    cases: Sequence[Case]
    mutate: Mutate
    late: Callable[[], bool]
    watch: Callable[[Progress], None] = lambda _: None
    priors: Priors = field(default_factory=shipped)


async def search(original: Candidate, task: Task, runner: Runner) -> Found:
    """Candidates that are right where `original` is not; a version that is right already is not changed."""
    traces = await runner.trace(original.module, task.cases)
    pairs = sorted(zip(task.cases, traces, strict=True), key=lambda pair: pair[0].is_right(pair[1].outcome))
    cases, traces = [case for case, _ in pairs], [trace for _, trace in pairs]
    failures = shares(cases, [trace.outcome for trace in traces])
    if not failures:
        return Found(cases, traces, (), 0, failures, 1.0)
    before = (await runner.evaluate([original], cases))[0]
    walk = _Walk(Node(original, tuple(traces), failures), before, cases, task, runner)
    await walk.go()
    return Found(cases, traces, walk.plausible, walk.evaluated, failures, walk.best)


class _Walk:
    def __init__(
        self, root: Node, before: Sequence[Outcome], cases: Sequence[Case], task: Task, runner: Runner
    ) -> None:
        self._cases, self._task, self._runner, self._before = cases, task, runner, before
        self._stages = stages(cases, root.traces)
        self._frontier = Frontier(root.candidate)
        self._beam = Beam(before, cases)
        self._frontier.add(expand(root, task.entrypoint, cases, task.mutate, task.priors), 1.0)
        self._nodes = 1
        self._last: int | None = None
        self.plausible: list[Candidate] = []
        self.evaluated = 0
        self.best = sum(root.right(cases)) / len(cases)

    async def go(self) -> None:
        """Two chunks are under way at any time; their results are taken in the order in which they were begun."""
        running: deque[_Chunk] = deque()
        size = FIRST_CHUNK
        try:
            while not self._is_over():
                while len(running) < AT_ONE_TIME and (chunk := self._frontier.take(size)):
                    running.append((chunk, asyncio.ensure_future(self._evaluated(chunk))))
                    size = min(CHUNK, size * 2)
                    await asyncio.sleep(0)
                if running:
                    chunk, evaluation = running.popleft()
                    await self._take(chunk, await evaluation)
                if not await self._expand() and not running:
                    return
        finally:
            for _, evaluation in running:
                evaluation.cancel()
            await asyncio.gather(*(evaluation for _, evaluation in running), return_exceptions=True)

    async def _evaluated(self, chunk: Sequence[Candidate]) -> Sequence[Sequence[Outcome]]:
        return await evaluated(self._stages, chunk, self._cases, self._before, self._runner)

    def _is_over(self) -> bool:
        compared = self._last is not None and self.evaluated >= self._last
        return self._task.late() or compared or len(self.plausible) >= _ENOUGH

    async def _take(self, chunk: Sequence[Candidate], results: Sequence[Sequence[Outcome]]) -> None:
        self.evaluated += len(chunk)
        for candidate, outcomes in zip(chunk, results, strict=True):
            right = self._right(outcomes)
            self.best = max(self.best, right / len(self._cases))
            if right < len(self._cases):
                self._beam.offer(candidate, outcomes)
            elif self._right(await self._runner.confirm(candidate.module, self._cases)) == len(self._cases):
                self.plausible.append(candidate)
        if self.plausible and self._last is None:
            self._last = max(_ALTERNATIVES * self.evaluated, _AT_LEAST)
        self._task.watch(Progress(self.evaluated, self.best, len(self.plausible)))

    def _right(self, outcomes: Sequence[Outcome]) -> int:
        return sum(case.is_right(outcome) for case, outcome in zip(self._cases, outcomes, strict=True))

    async def _expand(self) -> bool:
        """Whether there is anything more to evaluate."""
        for _ in range(_EXPANSIONS):
            wanted = not self.plausible and self._nodes < _NODES and not self._task.late()
            nearest = self._beam.take(better=bool(self._frontier)) if wanted else None
            if nearest is None:
                break
            progress, candidate = nearest
            traces = tuple(await self._runner.trace(candidate.module, self._cases))
            self._nodes += 1
            node = Node(candidate, traces, shares(self._cases, [trace.outcome for trace in traces]))
            edits = expand(node, self._task.entrypoint, self._cases, self._task.mutate, self._task.priors)
            self._frontier.add(edits, progress * _DISCOUNT ** len(candidate.edits))
        return bool(self._frontier)

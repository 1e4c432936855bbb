"""Cases that take long wait for candidates that are right on those that do not."""

from __future__ import annotations

from collections.abc import Sequence

from autodev.repair.search.candidate import Candidate
from autodev.repair.search.case import Case, Expected
from autodev.repair.search.module import ModuleText
from autodev.repair.search.outcome import Kind, Outcome
from autodev.repair.search.staging import Stages, evaluated, stages
from autodev.repair.search.trace import Trace

CASES = [Case((number,), {}, Expected(number)) for number in range(4)]
BEFORE = [Outcome(Kind.RETURNED, "before")] * 4
GOOD = Candidate(ModuleText("def f(x):\n    return x\n"))
BAD = Candidate(ModuleText("def f(x):\n    return 0\n"))


class Answering:
    """`GOOD` gives back what it is given; all others 0. Keeps which cases were run."""

    def __init__(self) -> None:
        self.runs: list[tuple[int, list[int]]] = []

    async def trace(self, module: ModuleText, cases: Sequence[Case]) -> Sequence[Trace]:
        raise NotImplementedError

    async def confirm(self, module: ModuleText, cases: Sequence[Case]) -> Sequence[Outcome]:
        raise NotImplementedError

    async def evaluate(self, candidates: Sequence[Candidate], cases: Sequence[Case]) -> Sequence[Sequence[Outcome]]:
        self.runs.append((len(candidates), [int(str(case.args[0])) for case in cases]))
        return [[Outcome(Kind.RETURNED, case.args[0] if each is GOOD else 0) for case in cases] for each in candidates]


def traces(seconds: Sequence[float], right: Sequence[bool]) -> list[Trace]:
    values = [case.args[0] if good else None for case, good in zip(CASES, right, strict=True)]
    return [Trace(Outcome(Kind.RETURNED, value), seconds=taken) for value, taken in zip(values, seconds, strict=True)]


def test_cheap_cases_are_all_run_at_once() -> None:
    assert stages(CASES, traces([0.001] * 4, [False] * 4)) == Stages((0, 1, 2, 3), ())


def test_the_first_stage_has_the_cheapest_and_one_that_fails() -> None:
    slow_failures = traces([5.0, 0.001, 2.0, 0.001], [False, True, False, True])
    assert stages(CASES, slow_failures) == Stages((1, 2, 3), (0,))


async def test_a_candidate_that_is_wrong_on_the_cheap_cases_is_not_run_on_the_costly() -> None:
    runner = Answering()
    results = await evaluated(Stages((0, 1), (2, 3)), [BAD, GOOD, BAD], CASES, BEFORE, runner)
    assert runner.runs == [(3, [0, 1]), (1, [2, 3])]
    assert [outcome.value for outcome in results[1]] == [0, 1, 2, 3]
    assert [outcome.value for outcome in results[0]] == [0, 0, "before", "before"]

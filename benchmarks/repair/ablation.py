"""What ranking and the gate are worth: python -m benchmarks.repair.ablation PROGRAMS.jsonl [--budget-seconds S].

Ranking off takes the version that was found first. The gate off asks nothing of the calls that were good: the search
sees the failing ones alone, and whatever is right on these is taken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autodev.repair.batch import BatchProgram, read_program, shared_out
from autodev.repair.model import RepairError
from autodev.repair.repairing import Repair, repair
from autodev.repair.running.mutating import mutate
from autodev.repair.running.sandboxed import SandboxRunner
from autodev.repair.search.candidate import Candidate
from autodev.repair.search.case import Case
from autodev.repair.search.module import ModuleText
from autodev.sandbox.engine import Engine
from benchmarks.sandbox.engines import ALL, closing

SHARE = 0.5


@dataclass(frozen=True)
class Choice:
    """What one way of choosing came to; nothing was plausible if `taken` is False."""

    taken: bool = False
    right: bool = False
    """On all cases."""
    regressed: bool = False
    """A call that was good is no longer."""


@dataclass(frozen=True)
class Ablated:
    whole: Choice
    unranked: Choice
    ungated: Choice


async def ablate(program: BatchProgram, engine: Engine, budget_seconds: float) -> Ablated:
    """Raises RepairError for a program that can't be repaired at all."""
    module = ModuleText.of(program.source, program.entrypoint)
    runner = SandboxRunner(engine, module, program.entrypoint)
    before = await runner.confirm(module, program.cases)
    good = [case.is_right(outcome) for case, outcome in zip(program.cases, before, strict=True)]
    seen, _ = shared_out(program.cases, [not each for each in good], SHARE)
    failing = [case for case, fine in zip(program.cases, good, strict=True) if case in seen and not fine]

    async def repaired(cases: Sequence[Case]) -> Repair:
        return await repair(module, program.entrypoint, cases, runner, mutate, budget_seconds=budget_seconds)

    async def judged(candidate: Candidate | None) -> Choice:
        if candidate is None:
            return Choice()
        outcomes = await runner.confirm(candidate.module, program.cases)
        now = [case.is_right(outcome) for case, outcome in zip(program.cases, outcomes, strict=True)]
        return Choice(taken=True, right=all(now), regressed=any(a and not b for a, b in zip(good, now, strict=True)))

    whole, ungated = await repaired(seen), await repaired(failing)
    return Ablated(
        await judged(whole.ranked[0].candidate if whole.ranked else None),
        await judged(whole.found[0] if whole.found else None),
        await judged(ungated.ranked[0].candidate if ungated.ranked else None),
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.repair.ablation", description="What ranking and the gate are worth."
    )
    parser.add_argument("programs", type=Path, help="in the form of `autodev repair --batch`")
    parser.add_argument("--budget-seconds", type=float, default=10.0, help="of each search (%(default)s)")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth program")
    options = parser.parse_args()
    lines = options.programs.read_text(encoding="utf-8").splitlines()[:: options.every]
    programs = [read_program(json.loads(line)) for line in lines if line.strip()]
    asyncio.run(_all(programs, options.budget_seconds))
    return 0


async def _all(programs: Sequence[BatchProgram], budget_seconds: float) -> None:
    ablated = []
    with closing(ALL["namespaces"](2)) as engine:
        for number, program in enumerate(programs, start=1):
            try:
                ablated.append(await ablate(program, engine, budget_seconds))
            except RepairError as error:
                sys.stderr.write(f"{program.program_id}: {error}\n")
                ablated.append(Ablated(Choice(), Choice(), Choice()))
            sys.stderr.write(f"{number}/{len(programs)} {program.program_id}\n")
    sys.stdout.write(f"| of {len(ablated)} programs | taken | right | admitted a regression |\n|---|---:|---:|---:|\n")
    for name, choices in {
        "ranking on, gate on": [each.whole for each in ablated],
        "ranking off (the first that was found)": [each.unranked for each in ablated],
        "gate off (failing calls alone)": [each.ungated for each in ablated],
    }.items():
        taken, right, regressed = (
            sum(getattr(each, what) for each in choices) for what in ("taken", "right", "regressed")
        )
        sys.stdout.write(f"| {name} | {taken} | {right} | {regressed} |\n")


if __name__ == "__main__":
    sys.exit(main())

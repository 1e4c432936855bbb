"""One program of a batch on an engine: repaired with a share of its cases, judged on all of them."""

from __future__ import annotations

import time
from typing import Any

from autodev.repair.batch import BatchProgram, ProgramError, Settings, read_program, shared_out
from autodev.repair.model import RepairError
from autodev.repair.repairing import repair
from autodev.repair.running.mutating import mutate
from autodev.repair.running.sandboxed import SandboxRunner
from autodev.repair.search.lines import Line
from autodev.repair.search.module import ModuleText
from autodev.repair.search.priors import Priors
from autodev.repair.search.reading import CaseError
from autodev.sandbox.engine import Engine
from autodev.sandbox.errors import IsolationUnavailable


async def repair_program(
    program: BatchProgram, engine: Engine, settings: Settings, priors: Priors | None = None
) -> dict[str, Any]:
    """The result, as a line of a file; what can't be repaired has the reason in `why`. `priors`: see `repair`."""
    began = time.monotonic()
    try:
        module = ModuleText.of(program.source, program.entrypoint)
    except RepairError as error:
        return not_repaired(program.program_id, program.first_failure, str(error), time.monotonic() - began)
    runner = SandboxRunner(engine, module, program.entrypoint)
    before = await runner.confirm(module, program.cases)
    fails = [not case.is_right(outcome) for case, outcome in zip(program.cases, before, strict=True)]
    seen, _ = shared_out(program.cases, fails, settings.search_share)
    done = await repair(
        module,
        program.entrypoint,
        seen,
        runner,
        mutate,
        budget_seconds=settings.budget_seconds,
        seed=settings.seed,
        priors=priors,
    )
    first = done.ranked[0] if done.ranked else None
    best = first.candidate.module if first else module if done.needless else None
    after = await runner.confirm(best, program.cases) if best else []
    return {
        "id": program.program_id,
        "first_failure": program.first_failure,
        "plausible": best is not None,
        "right": bool(after) and all(case.is_right(out) for case, out in zip(program.cases, after, strict=True)),
        "evaluated": done.evaluated,
        "seconds": round(done.seconds, 3),
        "confidence": first.confidence if first else 0.0,
        "edits": [edit.operator for edit in first.candidate.edits] if first else [],
        "alternatives": len(done.ranked),
        "best_share": round(done.best, 3),
        "code": best.text if best else None,
    }


async def result_of(
    name: str, line: Line, engine: Engine | None, settings: Settings, priors: Priors | None = None
) -> dict[str, Any]:
    """The result of a line, called `name`. What can't be run is told in its own result, and ends nothing.

    `engine`: is there unless the line is broken. Raises IsolationUnavailable.
    """
    first_failure = str(line.given.get("first_failure", ""))
    if line.broken or engine is None:
        return not_repaired(name, first_failure, f"line {line.number}: {line.broken}")
    try:
        return await repair_program(read_program(line.given), engine, settings, priors)
    except (ProgramError, CaseError) as error:
        return not_repaired(name, first_failure, f"line {line.number}: {error}")
    except IsolationUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - a defect that one program meets is no end of the others
        return not_repaired(name, first_failure, f"a defect of autodev, report it: {type(error).__name__}: {error}")


def not_repaired(program_id: str, first_failure: str, why: str, seconds: float = 0.0) -> dict[str, Any]:
    return {
        "id": program_id,
        "first_failure": first_failure,
        "plausible": False,
        "right": False,
        "evaluated": 0,
        "seconds": round(seconds, 3),
        "confidence": 0.0,
        "edits": [],
        "alternatives": 0,
        "best_share": 0.0,
        "code": None,
        "why": why,
    }

"""`autodev repair`: repair a function against its cases, or many programs. No broker, no database."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from autodev.cli.engine import nothing_run, proved_engine
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.interruption import EXIT_CODE as INTERRUPTED
from autodev.cli.interruption import Interruption
from autodev.cli.output import Format, Output, print_json
from autodev.cli.repair_batch import WARM, repair_batch
from autodev.cli.repair_progress import Shown
from autodev.cli.repair_reading import given_cases, given_module, given_priors
from autodev.cli.repair_telling import show, told

if TYPE_CHECKING:
    from autodev.repair.repairing import Repair
    from autodev.repair.search.case import Case
    from autodev.repair.search.module import ModuleText
    from autodev.repair.search.priors import Priors

# The strongest engine is `sandbox run`'s default. A search makes hundreds of isolations of a user's own function, and
# namespaces take milliseconds each where gVisor takes a fifth of a second.
ENGINE: Final = "namespaces"


def repair(
    file: Annotated[Path | None, typer.Argument(help="The module, Python source.")] = None,
    entrypoint: Annotated[str | None, typer.Option(help="The function of FILE that fails.")] = None,
    cases: Annotated[
        Path | None,
        typer.Option(help='A case a line: {"call": "f(1)", "expected": "2"}; without `expected` it must not raise.'),
    ] = None,
    budget_seconds: Annotated[float, typer.Option(min=0.1, max=3600, help="When the search of a program ends.")] = 10.0,
    seed: Annotated[int, typer.Option(help="Of the calls that candidates are compared on.")] = 0,
    engine: Annotated[str, typer.Option(help="Where it runs: one of those that `sandbox check` shows.")] = ENGINE,
    batch: Annotated[Path | None, typer.Option(help="Repair the programs of this file, one a line.")] = None,
    search_share: Annotated[
        float, typer.Option(min=0.01, max=1, help="Of a program's cases, which the search sees.")
    ] = 0.5,
    out: Annotated[Path | None, typer.Option(help="Of a batch: add the results there; those in it are kept.")] = None,
    priors: Annotated[
        Path | None, typer.Option(help="Which edits are likely, from `make learn-priors`; instead of what is shipped.")
    ] = None,
    output: Output = Format.TABLE,
) -> None:
    """Find a version of a function that is right on its cases.

    Exit 0 if one was found, 3 if not, 2 if what is given can't be used, 130 if it was interrupted before one was found.

    The function runs in isolation alone. `--batch` does so for many programs and judges each first-ranked version on
    the cases that its search did not see; exit 0 once every program has a result, 1 if some of them could not be run.
    """
    from autodev.repair.batch import Settings
    from autodev.sandbox.errors import IsolationUnavailable

    if batch is not None:
        if file is not None or cases is not None or entrypoint is not None or out is None:
            raise CommandError(
                ExitCode.USAGE,
                "--batch takes the programs' own sources and cases, and needs a file for results",
                "autodev repair --batch PROGRAMS.jsonl --out RESULTS.jsonl",
            )
        learnt, digest = given_priors(priors)
        repair_batch(batch, out, Settings(search_share, budget_seconds, seed, engine, digest), learnt, output)
        return
    if file is None or cases is None or entrypoint is None:
        raise CommandError(
            ExitCode.USAGE,
            "FILE, --entrypoint and --cases are all needed",
            "autodev repair FILE --entrypoint NAME --cases CASES.jsonl",
        )
    module, read = given_module(file, entrypoint), given_cases(cases, entrypoint)
    learnt, _ = given_priors(priors)
    interruption = Interruption()
    try:
        done = asyncio.run(_repaired(module, entrypoint, read, engine, budget_seconds, seed, learnt, interruption))
    except IsolationUnavailable as error:
        raise nothing_run(error) from None
    except asyncio.CancelledError:
        raise typer.Exit(INTERRUPTED) from None
    if output is Format.JSON:
        print_json(told(done, interrupted=interruption.asked))
    else:
        show(done, file)
    if not (done.ranked or done.needless):
        raise typer.Exit(INTERRUPTED if interruption.asked else ExitCode.NOT_FOUND)


async def _repaired(
    module: ModuleText,
    entrypoint: str,
    cases: list[Case],
    engine: str,
    budget_seconds: float,
    seed: int,
    priors: Priors | None,
    interruption: Interruption,
) -> Repair:
    from autodev.repair.repairing import repair
    from autodev.repair.running.mutating import mutate
    from autodev.repair.running.sandboxed import SandboxRunner

    shown = Shown()
    with closing(await proved_engine(engine, WARM)) as proved, interruption.heard("the search ends with what it has"):
        done = await repair(
            module,
            entrypoint,
            cases,
            SandboxRunner(proved, module, entrypoint),
            mutate,
            budget_seconds=budget_seconds,
            seed=seed,
            priors=priors,
            watch=shown,
            stopped=lambda: interruption.asked,
        )
    shown.end()
    return done

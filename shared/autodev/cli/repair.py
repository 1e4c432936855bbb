"""`autodev repair`: repair a function against its cases, or many programs. No broker, no database."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from autodev.cli.engine import proved_engine
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.output import Format, Output, print_code, print_json, say
from autodev.cli.repair_batch import WARM, repair_batch
from autodev.cli.repair_progress import Shown

if TYPE_CHECKING:
    from autodev.repair.repairing import Repair
    from autodev.repair.search.case import Case
    from autodev.repair.search.module import ModuleText

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
    output: Output = Format.TABLE,
) -> None:
    """Find a version of a function that is right on its cases; exit 0 if one was found, 3 if not.

    The function runs in isolation alone. `--batch` does so for many programs and judges each first-ranked version on
    the cases that its search did not see.
    """
    if batch is not None:
        if file is not None or cases is not None or entrypoint is not None or out is None:
            raise CommandError(
                ExitCode.USAGE,
                "--batch takes the programs' own sources and cases, and needs a file for results",
                "autodev repair --batch PROGRAMS.jsonl --out RESULTS.jsonl",
            )
        repair_batch(batch, out, engine, search_share, budget_seconds, seed, output)
        return
    if file is None or cases is None or entrypoint is None:
        raise CommandError(
            ExitCode.USAGE,
            "FILE, --entrypoint and --cases are all needed",
            "autodev repair FILE --entrypoint NAME --cases CASES.jsonl",
        )
    module, read = _module(file, entrypoint), _cases(cases, entrypoint)
    done = asyncio.run(_repaired(module, entrypoint, read, engine, budget_seconds, seed))
    if output is Format.JSON:
        print_json(told(done))
    else:
        _print(done, file)
    if not (done.ranked or done.needless):
        raise typer.Exit(ExitCode.NOT_FOUND)


async def _repaired(
    module: ModuleText, entrypoint: str, cases: list[Case], engine: str, budget_seconds: float, seed: int
) -> Repair:
    from autodev.repair.repairing import repair
    from autodev.repair.running.mutating import mutate
    from autodev.repair.running.sandboxed import SandboxRunner

    shown = Shown()
    with closing(await proved_engine(engine, WARM)) as proved:
        runner = SandboxRunner(proved, module, entrypoint)
        done = await repair(
            module, entrypoint, cases, runner, mutate, budget_seconds=budget_seconds, seed=seed, watch=shown
        )
    shown.end()
    return done


def told(done: Repair) -> dict[str, Any]:
    """As JSON: `code` is the whole module, so that it runs as it stands; `functions` are those that were rewritten."""
    return {
        "fixed": bool(done.ranked) or done.needless,
        "needless": done.needless,
        "candidates": [
            {
                "code": each.candidate.module.text,
                "confidence": each.confidence,
                "edits": [
                    {"operator": edit.operator, "description": edit.description, "function": edit.function}
                    for edit in each.candidate.edits
                ],
                "functions": dict(each.candidate.codes),
                "size": each.candidate.size,
                "alike": each.alike,
            }
            for each in done.ranked
        ],
        "evaluated": done.evaluated,
        "seconds": round(done.seconds, 3),
        "best_share": round(done.best, 4),
        "failures": dict(done.failures),
    }


def _print(done: Repair, file: Path) -> None:
    from autodev.repair.differences import diff

    if done.needless:
        say("nothing to repair: it is right on all cases")
        return
    if not done.ranked:
        say(
            f"not fixed: of {done.evaluated} candidates in {done.seconds:.1f} s the best is right on "
            f"{done.best:.0%} of the cases"
        )
        return
    best = done.ranked[0]
    print_code(diff(done.original.text, best.candidate.module.text, name=str(file)) + "\n", "diff")
    say(f"confidence {best.confidence:.2f}: {'; '.join(edit.description for edit in best.candidate.edits)}")
    say(
        f"{len(done.ranked)} right on all cases, of {done.evaluated} candidates in {done.seconds:.1f} s; "
        f"{best.alike} behave as this one"
    )


def _module(file: Path, entrypoint: str) -> ModuleText:
    from autodev.repair.model import UnparsableSourceError, UnsupportedTargetError
    from autodev.repair.search.module import ModuleText

    try:
        return ModuleText.of(_text(file), entrypoint)
    except UnparsableSourceError as error:
        raise CommandError(ExitCode.NOT_FOUND, f"not repairable: {error}", "correct the syntax first") from None
    except UnsupportedTargetError as error:
        raise CommandError(ExitCode.USAGE, f"not repairable: {error}") from None


def _cases(file: Path, entrypoint: str) -> list[Case]:
    from autodev.repair.search.reading import CaseError, read_cases

    try:
        return read_cases(_text(file).splitlines(), entrypoint, str(file))
    except CaseError as error:
        raise CommandError(ExitCode.USAGE, str(error)) from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(ExitCode.USAGE, f"{file} can't be read: {error}", "give a file in UTF-8") from None

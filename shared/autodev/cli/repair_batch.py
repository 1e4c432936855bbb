"""`autodev repair --batch`: many programs, each result on the disk before the next begins."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import typer

from autodev.cli.engine import nothing_run, proved_engine
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.given_file import utf8_text
from autodev.cli.interruption import EXIT_CODE as INTERRUPTED
from autodev.cli.output import Format, print_json, print_rows
from autodev.visible import visible

if TYPE_CHECKING:
    from pathlib import Path

    from autodev.repair.batch import Settings
    from autodev.repair.running.results import ResultsFile
    from autodev.repair.search.lines import Line
    from autodev.repair.search.priors import Priors

WARM: Final = 2
"""Isolations kept started ahead: as many as a search uses together."""
_COLUMNS = (
    "first_failure",
    "programs",
    "not_run",
    "plausible",
    "right_at_first_rank",
    "median_seconds",
    "median_evaluated",
)


def repair_batch(programs: Path, out: Path, settings: Settings, priors: Priors | None, output: Format) -> None:
    """Repair what has no result yet, and show how many were right, by the first failure. Raises CommandError."""
    from autodev.repair.batch import numbered, summary
    from autodev.repair.search.lines import json_lines
    from autodev.sandbox.errors import IsolationUnavailable

    lines = dict(numbered(json_lines(utf8_text(programs, "a file of programs, one a line"))))
    with closing(_results(out, settings)) as results:
        try:
            asyncio.run(_all(lines, results, settings, priors))
        except IsolationUnavailable as error:
            raise nothing_run(error) from None
        except KeyboardInterrupt:
            sys.stderr.write(
                "autodev: interrupted; what has a result keeps it, and the same command goes on from there\n"
            )
            raise typer.Exit(INTERRUPTED) from None
        done = [result for result in results.results if result["id"] in lines]
    if output is Format.JSON:
        print_json(summary(done))
    else:
        print_rows(output, summary(done), _COLUMNS, empty="no program")
    if any("why" in result for result in done):
        raise typer.Exit(ExitCode.FAILED)


def _results(out: Path, settings: Settings) -> ResultsFile:
    from autodev.repair.running.results import ResultsError, ResultsFile

    try:
        return ResultsFile(out, asdict(settings))
    except OSError as error:
        told = f"{out} can't be used: {error.strerror or error}"
        raise CommandError(ExitCode.USAGE, told, "give --out a file to write") from None
    except ResultsError as error:
        what, _, step = str(error).rpartition("; ")
        raise CommandError(ExitCode.USAGE, f"{out} can't be gone on with: {what or step}", what and step) from None


async def _all(lines: Mapping[str, Line], results: ResultsFile, settings: Settings, priors: Priors | None) -> None:
    from autodev.repair.batch import digest
    from autodev.repair.running.programs import result_of

    engine = None
    try:
        for number, (name, line) in enumerate(lines.items(), start=1):
            if results.has(name, digest(line)):
                continue
            if not line.broken:
                engine = engine or await proved_engine(settings.engine, WARM)
            result = await result_of(name, line, engine, settings, priors)
            results.add(result, digest(line))
            _tell(number, len(lines), result)
    finally:
        if engine is not None:
            engine.close()


def _tell(number: int, total: int, result: dict[str, Any]) -> None:
    how = "right" if result["right"] else "plausible" if result["plausible"] else "not fixed"
    why = f", {visible(result['why'])}" if "why" in result else ""
    sys.stderr.write(
        f"{number}/{total} {visible(result['id'])} {visible(result['first_failure'])}: {how}, "
        f"{result['evaluated']} candidates, {result['seconds']:.1f} s{why}\n"
    )
    sys.stderr.flush()

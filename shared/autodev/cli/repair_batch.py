"""`autodev repair --batch`: many programs, each result on the disk before the next begins."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from autodev.cli.engine import proved_engine
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.output import Format, print_json, print_rows, visible

if TYPE_CHECKING:
    from pathlib import Path

    from autodev.repair.running.results import ResultsFile

WARM: Final = 2
"""Isolations kept started ahead: as many as a search uses together."""
_COLUMNS = ("first_failure", "programs", "plausible", "right_at_first_rank", "median_seconds", "median_evaluated")


def repair_batch(
    programs: Path, out: Path, engine: str, share: float, budget_seconds: float, seed: int, output: Format
) -> None:
    """Repair what has no result yet, and show how many were right, by the first failure. Raises CommandError."""
    from autodev.repair.batch import summary
    from autodev.repair.running.results import ResultsFile

    lines = _lines(programs)
    try:
        results = ResultsFile(out)
    except OSError as error:
        raise CommandError(ExitCode.USAGE, f"{out} can't be used: {error}", "give --out a file to write") from None
    with closing(results):
        asyncio.run(_all(lines, results, engine, share, budget_seconds, seed))
        wanted = {line.get("id") for line in lines}
        rows = summary(result for result in results.results if result["id"] in wanted)
    if output is Format.JSON:
        print_json(rows)
    else:
        print_rows(output, rows, _COLUMNS, empty="no program")


async def _all(
    lines: list[dict[str, Any]], results: ResultsFile, name: str, share: float, budget_seconds: float, seed: int
) -> None:
    from autodev.repair.batch import ProgramError, read_program
    from autodev.repair.running.programs import not_repaired, repair_program
    from autodev.repair.search.reading import CaseError

    known = {result["id"] for result in results.results}
    engine = None
    try:
        for number, line in enumerate(lines, start=1):
            if line.get("id") in known:
                continue
            try:
                program = read_program(line)
            except (ProgramError, CaseError) as error:
                result = not_repaired(str(line.get("id")), str(line.get("first_failure", "")), str(error))
            else:
                engine = engine or await proved_engine(name, WARM)
                result = await repair_program(program, engine, share=share, budget_seconds=budget_seconds, seed=seed)
            results.add(result)
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


def _lines(programs: Path) -> list[dict[str, Any]]:
    try:
        texts = programs.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(ExitCode.USAGE, f"{programs} can't be read: {error}", "give a file of JSON lines") from None
    lines = []
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except ValueError as error:
            raise CommandError(
                ExitCode.USAGE, f"{programs}, line {number}: no JSON ({error})", "one program a line, as an object"
            ) from None
        if not isinstance(line, dict):
            raise CommandError(ExitCode.USAGE, f"{programs}, line {number}: no object", "one program a line")
        lines.append(line)
    return lines
